// virtual_server, and virtual_server_group.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "config/values.hpp"
#include "config/words.hpp"
#include "import/network.hpp"
#include "import/servers.hpp"
#include "import/site.hpp"
#include "import/text.hpp"
#include "import/vocabulary.hpp"

namespace keepalive::import {
namespace {

using Key = std::string_view;

struct Mark {
  std::string number = "";
  std::string family = "";  // empty: not said
};

/// A virtual_server on its way: keys of the service, and those of its pool.
struct Service : Desk {
  const Node& node;
  Section& pool;
  Frame frame = {};
  Way sorry_way = {};
  Timing timing = {};
  std::vector<const Node*> servers = {};
  const Node* sorry = nullptr;
  const Node* suspend = nullptr;
  const Node* quorum = nullptr;
  const Node* hysteresis = nullptr;
  const Node* ops = nullptr;
  bool whole = false;  // an address without a port
  bool alpha = false;
  bool inhibit = false;
  std::string family = "";
  std::vector<std::string> addresses = {};
  std::vector<Mark> marks = {};
};

/// The pool's desk, for keys that are the pool's.
Desk at_pool(Service& self) { return {self.site, self.pool}; }

template <void (*take)(Desk&, const Node&, Key)>
void of_pool(Service& self, const Node& node, Key key) {
  Desk desk = at_pool(self);
  take(desk, node, key);
}

template <const Node* Service::*member>
void keep(Service& self, const Node& node, Key) {
  self.*member = &node;
  self.took();
}
template <bool Service::*member>
void flag(Service& self, const Node& node, Key) {
  self.*member = truth(node).value_or(true);
  self.took();
}

void scheduler(Service& self, const Node& node, Key key) {
  if (!config::stands_in(config::schedulers, node.word(1)))
    return self.lose(node, "is no scheduler: wlc is the default, for keepalived, too");
  take_text(self, node, key);
}

void scheduler_flag(Service& self, const Node& node, Key key) {
  self.section.add(key, node.words.front());
  self.took();
}

void way(Service& self, const Node& node, Key) {
  if (const auto found = read_way(self, node)) self.frame.way = *found;
  self.took();
}
void sorry_way(Service& self, const Node& node, Key) {
  if (const auto found = read_way(self, node)) self.sorry_way = *found;
  self.took();
}

void persistence(Service& self, const Node& node, Key key) {
  if (node.arguments() == 0) return self.set(node, key, "6m");
  const auto seconds = config::read_number(node.word(1), 0, 0xffffffff);
  if (!seconds) return self.lose(node, "wants whole seconds: none stands");
  if (*seconds == 0) return self.say(node, Verdict::same, "0 is none");
  take_time_or(self, node, key, "none");
}

void granularity(Service& self, const Node& node, Key key) {
  const bool six = !self.addresses.empty() && self.addresses.front().starts_with('[');
  const auto mask = ipvs::Address::parse(node.word(1));
  const bool dotted = mask && mask->family() == ipvs::Family::ipv4;
  const bool good = six ? config::read_number(node.word(1), 1, 128).has_value() : dotted;
  if (!good && !self.addresses.empty())
    return self.lose(node, six ? "wants a prefix from 1 to 128: each client counts by itself"
                               : "wants a mask such as 255.255.255.0: each client counts by itself");
  take_text(self, node, key);
  if (self.node.word(1) == "group")
    self.say(node, Verdict::differs, "keepalived 2.2 leaves it out for services of a group; here they have it");
}

void protocol(Service& self, const Node& node, Key key) {
  std::string word = node.word(1);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (word != "tcp" && word != "udp" && word != "sctp") return self.lose(node, "wants TCP, UDP or SCTP");
  self.set(node, key, word);
}

void engine(Service& self, const Node& node, Key key) {
  if (node.word(1) != "sip") return self.lose(node, "the kernel knows sip only");
  self.set(node, key, "sip");
}

void alerts(Service& self, const Node& node, Key) {
  const bool on = truth(node).value_or(true);
  self.say(
      node, on ? Verdict::same : Verdict::differs,
      on ? "a quorum that is lost is an alert" : "a quorum that is lost is an alert, unless the pool says alerts = no");
}

void family(Service& self, const Node& node, Key) {
  self.family = node.word(1) == "inet6" ? "ipv6" : "ipv4";
  self.took();
}

void server(Service& self, const Node& node, Key) { self.servers.push_back(&node); }

void program(Service& self, const Node& node, Key key) {
  Desk desk = at_pool(self);
  take_program(desk, node, key);
}

constexpr Row<Service> service_rows[] = {
    {"real_server", "", server, 2, true},
    {"lvs_sched", "scheduler", scheduler},
    {"lb_algo", "scheduler", scheduler},
    {"lvs_method", "", way, 6},
    {"lb_kind", "", way, 6},
    {"protocol", "protocol", protocol},
    {"persistence_timeout", "persistence", persistence},
    {"persistence_granularity", "persistence_mask", granularity},
    {"persistence_engine", "persistence_engine", engine},
    {"flag-1", "scheduler_flags", scheduler_flag, 0},
    {"flag-2", "scheduler_flags", scheduler_flag, 0},
    {"flag-3", "scheduler_flags", scheduler_flag, 0},
    {"sh-port", "scheduler_flags", scheduler_flag, 0},
    {"sh-fallback", "scheduler_flags", scheduler_flag, 0},
    {"mh-port", "scheduler_flags", scheduler_flag, 0},
    {"mh-fallback", "scheduler_flags", scheduler_flag, 0},
    {"ops", "", keep<&Service::ops>, 0},
    {"ha_suspend", "", keep<&Service::suspend>, 0},
    {"alpha", "", flag<&Service::alpha>},
    {"omega", "notify_at_stop", [](Service& self, const Node& node, Key key) { at_pool(self).set(node, key, "yes"); }},
    {"quorum", "", keep<&Service::quorum>},
    {"hysteresis", "", keep<&Service::hysteresis>},
    {"quorum_up", "on_quorum_up", program, any_number},
    {"quorum_down", "on_quorum_down", program, any_number},
    {"ip_family", "", family},
    {"sorry_server", "", keep<&Service::sorry>, 2},
    {"sorry_server_inhibit", "sorry_inhibit", of_pool<take_flag>},
    {"sorry_server_lvs_method", "", sorry_way, 6},
    {"inhibit_on_failure", "", flag<&Service::inhibit>},
    {"smtp_alert", "", alerts},
    {"virtualhost", "host", by<Service, take_text>},
    {"connect_timeout", "", keep_timing<Service, &Timing::timeout>},
    {"retry", "", keep_timing<Service, &Timing::retry>},
    {"delay_before_retry", "", keep_timing<Service, &Timing::wait>},
    {"warmup", "", keep_timing<Service, &Timing::warmup>},
    {"delay_loop", "", keep_timing<Service, &Timing::loop>},
};

// ---- Where it listens

void find_port(Service& self, const std::string& port) {
  const std::string own = port == "0" ? "" : port;
  self.whole = self.whole || own.empty();
  self.frame.several = self.frame.several || (!self.addresses.empty() && own != self.frame.port);
  self.frame.port = self.frame.several ? "" : own;
}

void take_member(Service& self, const Node& one) {
  if (one.words.front() == "fwmark") {
    if (!config::read_number(one.word(1), 1, 0xffffffff)) return self.lose(one, "wants a mark");
    self.marks.push_back({one.word(1), one.word(2).empty() ? "" : one.word(2) == "inet6" ? "ipv6" : "ipv4"});
    return self.took();
  }
  const auto ranges = convert_range(one.words.front());
  const bool port = one.word(1).empty() || config::read_number(one.word(1), 0, 65535);
  if (!ranges || !port) return self.lose(one, "is no address, no range of one network and no fwmark");
  find_port(self, one.word(1));
  for (const std::string& range : *ranges) self.addresses.push_back(place_of(range, one.word(1)));
  self.took();
}

void find_places(Service& self) {
  const Node& node = self.node;
  if (node.word(1) != "group") {
    const std::string& behind = node.word(2);
    if (node.word(1) == "fwmark" && config::read_number(behind, 1, 0xffffffff)) {
      self.marks.push_back({behind, ""});
    } else if (ipvs::Address::parse(node.word(1)) && (behind.empty() || config::read_number(behind, 0, 65535))) {
      find_port(self, behind);
      self.addresses.push_back(place_of(node.word(1), behind));
    } else {
      self.lose(node, "wants an address and a port, fwmark and a number, or group and a name");
    }
    return self.took();
  }
  const auto found = self.site.server_groups.find(node.word(2));
  if (found == self.site.server_groups.end())
    return self.lose(node, fmt::format("no virtual_server_group is called {}", node.word(2)));
  for (const Node* const one : counting(self, found->second->children)) take_member(self, *one);
}

std::string wish(const Node& node) {
  if (const Node* const name = find_child(node, "snmp_name")) return name->word(1);
  if (node.word(1) == "fwmark") return "fwmark-" + node.word(2);
  const std::string place =
      node.word(1) == "group" ? node.word(2) : node.word(1) + (node.word(2).empty() ? "" : "-" + node.word(2));
  const Node* const protocol = find_child(node, "protocol");
  return place + (protocol != nullptr && protocol->word(1) == "UDP" ? "-udp" : "");
}

// ---- The pool

/// One line for each server; checks that all have in common are the pool's.
void write_servers(Service& self, std::vector<Server>& servers) {
  const bool common = std::all_of(servers.begin(), servers.end(),
                                  [&](const Server& one) { return one.checks == servers.front().checks; });
  const auto joined = [](const std::vector<std::string>& names, std::string_view gap) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : std::string{gap}) + name;
    return text;
  };
  if (common && !servers.front().checks.empty()) self.pool.set("check", joined(servers.front().checks, ", "));
  for (Server& one : servers) {
    for (const std::string& text : one.comments) self.pool.comment(text);
    const std::string checks = common || one.checks.empty() ? "" : " check=" + joined(one.checks, ",");
    self.pool.add("server", one.place + one.options + checks);
  }
}

std::vector<Server> take_servers(Service& self) {
  std::vector<Server> servers;
  std::set<std::string> places;
  self.frame.timing = self.timing;
  for (const Node* const node : self.servers) {
    auto one = take_server(self.site, self.pool, *node, self.frame);
    if (!one) continue;
    for (auto check = one->checks.begin(); check != one->checks.end();)
      check = std::find(one->checks.begin(), check, *check) != check ? one->checks.erase(check) : check + 1;
    if (places.insert(one->place).second)
      servers.push_back(std::move(*one));
    else
      at_pool(self).lose(*node, "is the same as one above: keepalived drops the second, too");
  }
  return servers;
}

/// All or none: a pool has one way to fail, and one to begin.
void say_failure(Service& self, const std::vector<Server>& servers) {
  for (const auto& [own, member, key, value] : {std::tuple{self.inhibit, &Server::quiesce, "on_failure", "quiesce"},
                                                std::tuple{self.alpha, &Server::down_first, "start", "down"}}) {
    const auto count =
        std::count_if(servers.begin(), servers.end(), [&, member = member](const Server& one) { return one.*member; });
    const bool all = own || (count > 0 && static_cast<std::size_t>(count) == servers.size());
    if (all) self.pool.set(key, value);
    if (!all && count > 0)
      at_pool(self).lose(
          self.node, fmt::format("some of its servers would have {} = {}: a pool has it, or another pool", key, value));
  }
}

void say_quorum(Service& self, const std::vector<Server>& servers) {
  if (self.quorum == nullptr && self.hysteresis == nullptr) return;
  const auto number = [&](const Node* node, std::uint64_t fallback) {
    const auto value = node == nullptr ? fallback : config::read_number(node->word(1), fallback, 0x7fffffff);
    if (!value) at_pool(self).lose(*node, fmt::format("wants a number from {} on: {} stands", fallback, fallback));
    return value.value_or(fallback);
  };
  std::uint64_t total = 0;
  const bool dynamic = std::any_of(servers.begin(), servers.end(), [](const Server& one) { return one.dynamic; });
  for (const Server& one : servers) total += one.weight;
  const std::uint64_t wanted = number(self.quorum, 1);
  const std::uint64_t asked = number(self.hysteresis, 0);
  const std::uint64_t quorum = dynamic ? wanted : std::clamp<std::uint64_t>(total, 1, wanted);
  const std::uint64_t most = dynamic ? quorum - 1 : std::min(quorum - 1, std::max(total, quorum) - quorum);
  const std::uint64_t hysteresis = std::min(asked, most);
  Desk desk = at_pool(self);
  if (quorum != wanted)
    desk.say(*self.quorum, Verdict::same, "all servers together weigh less: keepalived takes their weight, too");
  if (hysteresis != asked)
    desk.say(*self.hysteresis, Verdict::differs, "the quorum could never be lost, or never be gained, with so much");
  if (quorum != 1) self.pool.set("quorum", std::to_string(quorum));
  if (hysteresis != 0) self.pool.set("hysteresis", std::to_string(hysteresis));
}

void say_sorry(Service& self, const std::vector<Server>& servers) {
  Desk desk = at_pool(self);
  std::optional<Server> sorry;
  if (self.sorry != nullptr) sorry = take_sorry_server(desk, *self.sorry, self.frame, self.sorry_way);
  const bool twice = sorry && std::any_of(servers.begin(), servers.end(),
                                          [&](const Server& one) { return one.place == sorry->place; });
  if (twice) desk.lose(*self.sorry, "is one of the servers, which a sorry server here is not");
  if (sorry && !twice) return self.pool.set("sorry_server", sorry->place + sorry->options);
  self.pool.remove("sorry_inhibit");
}

void say_suspend(Service& self) {
  if (self.suspend == nullptr) return;
  const auto holder = self.site.holders.find(self.node.word(1));
  if (holder == self.site.holders.end())
    return self.lose(*self.suspend, "no [vrrp] here holds its address: check_when = master of NAME");
  self.pool.set("check_when", "master of " + holder->second);
}

// ---- The service

void say_one_packet(Service& self) {
  if (self.ops == nullptr) return;
  const std::string protocol = self.section.value("protocol");
  const bool udp = protocol.empty() || protocol == "udp" || self.addresses.empty();
  if (udp) return self.set(*self.ops, "one_packet", "yes");
  self.lose(*self.ops, "is for UDP only: keepalived leaves it out, too");
}

void say_flags(Service& self) {
  const std::string scheduler = self.section.value("scheduler");
  say_one_packet(self);
  if (self.whole && !self.section.has("persistence")) {
    self.say(self.node, Verdict::same,
             "without a port clients stay with their server for six minutes, as for keepalived");
    self.section.set("persistence", "6m");
  }
  if (!self.section.has("persistence") &&
      (self.section.has("persistence_mask") || self.section.has("persistence_engine"))) {
    self.say(self.node, Verdict::differs, "a persistence_… without persistence_timeout: six minutes are its default");
    self.section.set("persistence", "6m");
  }
  const std::string flag = self.section.value("scheduler_flags");
  const std::string of = flag.substr(0, flag.find('-'));
  if (flag.empty() || of == "flag" || of == scheduler) return;
  self.lose(self.node, fmt::format("{} is of another scheduler", flag));
  self.section.remove("scheduler_flags");
}

/// How packets get to servers, as the kernel is told.
void say_way(Service& self) {
  Way& way = self.frame.way;
  if (way.forward.empty()) way.forward = "nat";
  self.section.set("forward", way.forward);
  for (const auto& [key, value] :
       {std::pair{"tunnel", &way.tunnel}, {"tunnel_port", &way.port}, {"tunnel_checksum", &way.checksum}})
    if (!value->empty()) self.section.set(key, *value);
}

std::string family_of(const Service& self, const std::vector<Server>& servers) {
  if (!self.family.empty()) return self.family;
  const bool six = !servers.empty() && servers.front().address.find(':') != std::string::npos;
  return six && self.frame.way.forward != "tunnel" ? "ipv6" : "ipv4";
}

/// A mark stands alone: each is a service of its own, with the same pool.
void write_marks(Service& self, const std::vector<Server>& servers) {
  constexpr auto without = std::to_array<std::string_view>({"address", "protocol", "together", "mark"});
  bool first = self.addresses.empty();
  for (const Mark& mark : self.marks) {
    const std::string name = self.section.name();
    Section& section =
        first ? self.section
              : self.site.out.section("virtual_server",
                                      self.site.out.free_name("virtual_server", name + "-fwmark-" + mark.number));
    if (!first) section.copy_keys(self.section, without);
    first = false;
    if (&section == &self.section) section.remove("protocol");
    section.set("fwmark", mark.number);
    const std::string family = mark.family.empty() ? family_of(self, servers) : mark.family;
    if (family != "ipv4") section.set("family", family);
  }
}

void write_addresses(Service& self) {
  if (self.addresses.empty()) return;
  if (!self.section.has("protocol")) {
    self.say(self.node, Verdict::same, "without a protocol keepalived takes UDP");
    self.section.set("protocol", "udp");
  }
  std::optional<std::uint32_t>& first = self.site.defaults.first_mark;
  if (!first || self.node.word(1) != "group") return;
  const bool stays = self.section.has("persistence") || (self.section.value("scheduler") == "sh");
  if (!stays)
    return self.lose(self.node, "nftables_ipvs: without persistence or sh each address is a service of its own here");
  self.section.set("together", "yes");
  self.section.set("mark", std::to_string((*first)++));
}

}  // namespace

void know_server_group(Site& site, const Node& node) { site.server_groups.emplace(node.word(1), &node); }

void take_service(Site& site, const Node& node) {
  const std::string name = site.out.free_name("virtual_server", wish(node));
  Section& pool = site.out.section("pool", site.out.free_name("pool", wish(node)));
  Service self{{site, site.out.section("virtual_server", name)}, node, pool};
  say_ignored(self, node, 2, true);
  find_places(self);
  for (const std::string& address : self.addresses) self.section.add("address", address);
  take_block<Service>(self, node.children, service_rows, said_of_services());
  say_way(self);
  std::vector<Server> servers = take_servers(self);
  if (self.addresses.empty() && self.marks.empty())
    return leave_out(self, pool, node, "listens nowhere: the whole service is left out");
  if (servers.empty()) return leave_out(self, pool, node, no_servers);
  write_servers(self, servers);
  say_failure(self, servers);
  say_quorum(self, servers);
  say_sorry(self, servers);
  say_suspend(self);
  if (!site.defaults.alert_servers) pool.set("alerts", "no");
  say_flags(self);
  self.section.set("pool", pool.name());
  write_addresses(self);
  write_marks(self, servers);
}

}  // namespace keepalive::import
