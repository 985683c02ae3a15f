#include "import/ldirectord_services.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <initializer_list>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "config/schema.hpp"
#include "config/values.hpp"
#include "config/words.hpp"
#include "import/ldirectord_checks.hpp"
#include "import/ldirectord_lines.hpp"
#include "import/network.hpp"
#include "import/servers.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

using Key = std::string_view;

/// A virtual service on its way.
struct Virtual : Desk {
  const Node& node;
  Section& pool;
  const Common& common;
  Pace pace = {};
  std::optional<bool> quiescent = {};
  std::optional<Fallback> fallback = {};
  std::optional<std::vector<std::string>> fallback_command = {};
  Look look = {};
  std::vector<const Node*> reals = {};
  const Node* command = nullptr;  // checkcommand
  const Node* mask = nullptr;     // netmask
  const Node* ops = nullptr;
  std::string port = "";
  bool six = false;
  std::vector<Server> servers = {};
  Section beside{"pool", ""};  // remarks that stand before the next server
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::string> looks = {};
};

template <std::string Look::*member>
void look(Virtual& self, const Node& node, Key) {
  self.look.*member = unquoted(node.word(1));
  self.took();
}

void amount(Virtual& self, const Node& node, Key) {
  take_amount(self, node, self.pace, "that of all services, or else ");
}

void own_interval(Virtual& self, const Node& node, Key) {
  if (!self.common.fork) return self.say(node, Verdict::same, "ldirectord heeds it with fork = yes only");
  amount(self, node, "");
}

void scheduler(Virtual& self, const Node& node, Key key) {
  const auto words = plain_words(unquoted(node.word(1))).value_or(std::vector<std::string>{});
  if (words.empty() || !config::stands_in(config::schedulers, words.front()))
    return self.lose(node, "is no scheduler: wrr is ldirectord's default");
  self.section.set(key, words.front());
  self.took();
  for (std::size_t i = 1; i < words.size(); ++i)
    if (words[i] != "-b")
      self.lose(node, fmt::format("scheduler_flags = {}, if the scheduler has it", shown(words[i])));
}

void flags(Virtual& self, const Node& node, Key) {
  self.lose(node, fmt::format("scheduler_flags = {}, if the scheduler has it", shown(node.word(1))));
}

void persistent(Virtual& self, const Node& node, Key key) {
  const std::uint64_t most = config::find_key("virtual_server", key)->high / 1000;
  if (const auto seconds = read_count(self, node, 1, most, "no persistence"))
    self.section.set(key, config::print_time(std::chrono::seconds{*seconds}));
}

/// Ones, and then zeros.
bool is_mask(const std::string& text) {
  const auto mask = ipvs::Address::parse(text);
  if (!mask || mask->family() == ipvs::Family::ipv6) return false;
  std::uint32_t bits = 0;
  for (const auto byte : mask->bytes()) bits = bits << 8U | static_cast<std::uint32_t>(byte);
  return bits != 0 && (~bits & (~bits + 1)) == 0;
}

void netmask(Virtual& self, const Node& node, Key key) {
  const std::string text = unquoted(node.word(1));
  const bool good = self.six ? config::read_number(text, 1, 128).has_value() : is_mask(text);
  if (!good) return self.lose(node, self.six ? "wants a length from 1 to 128" : "wants a mask such as 255.255.255.0");
  self.mask = &node;
  self.set(node, key, text);
}

void protocol(Virtual& self, const Node& node, Key key) {
  const std::string word = unquoted(node.word(1));
  const bool mark = self.section.has("fwmark");
  if (mark ? word != "fwm" : word != "tcp" && word != "udp")
    return self.lose(node, mark ? "is fwm with a firewall mark" : "wants tcp or udp");
  if (!mark) self.section.set(key, word);
  self.took();
}

void one_packet(Virtual& self, const Node& node, Key key) {
  const auto yes = read_yes(self, node, "no");
  if (yes == true) self.section.set(key, "yes");
  self.ops = yes == true ? &node : nullptr;
}

void check_type(Virtual& self, const Node& node, Key) {
  constexpr std::string_view known[] = {"negotiate", "connect", "ping", "off", "on", "external", "external-perl"};
  const std::string word = unquoted(node.word(1));
  if (std::find(std::begin(known), std::end(known), word) == std::end(known) && !config::read_number(word, 0, 1000000))
    return self.lose(node, "is no checktype: negotiate stands");
  self.look.type = word;
  self.took();
}

void method(Virtual& self, const Node& node, Key) {
  std::string word = unquoted(node.word(1));
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::toupper(c); });
  if (word != "GET" && word != "HEAD") return self.lose(node, "wants GET or HEAD: GET stands");
  self.look.method = word;
  self.took();
}

void check_port(Virtual& self, const Node& node, Key) {
  if (const auto port = read_count(self, node, 1, 65535, "the server's")) self.look.port = std::to_string(*port);
}

void command(Virtual& self, const Node& node, Key) {
  self.command = &node;
  self.look.command = unquoted(node.word(1));
  self.took();
}

void quiescent(Virtual& self, const Node& node, Key) {
  self.quiescent = read_yes(self, node, "that of all services, or else no");
}

void fallback(Virtual& self, const Node& node, Key) { self.fallback = read_fallback(self, node); }

void fallback_command(Virtual& self, const Node& node, Key) { self.fallback_command = read_program(self, node); }

void real(Virtual& self, const Node& node, Key) { self.reals.push_back(&node); }

constexpr Row<Virtual> virtual_rows[] = {
    {"real", "", real},
    {"real6", "", real},
    {"checktype", "", check_type},
    {"service", "", look<&Look::service>},
    {"checkport", "", check_port},
    {"checkcommand", "", command},
    {"request", "", look<&Look::request>},
    {"receive", "", look<&Look::receive>},
    {"httpmethod", "", method},
    {"virtualhost", "", look<&Look::host>},
    {"login", "", look<&Look::login>},
    {"passwd", "", look<&Look::password>},
    {"scheduler", "scheduler", scheduler},
    {"schedflags", "", flags},
    {"persistent", "persistence", persistent},
    {"netmask", "persistence_mask", netmask},
    {"protocol", "protocol", protocol},
    {"ops", "one_packet", one_packet},
    {"checktimeout", "", amount},
    {"negotiatetimeout", "", amount},
    {"checkinterval", "", own_interval},
    {"failurecount", "", amount},
    {"checkcount", "", amount},
    {"quiescent", "", quiescent},
    {"fallback", "", fallback},
    {"fallback6", "", fallback},
    {"fallbackcommand", "", fallback_command},
};

constexpr std::string_view one_list = "alerts go to one list: [global] mail_to, mail_repeat";
constexpr Said said_of_virtuals[] = {
    {"emailalert", Verdict::lost, one_list},
    {"emailalertfreq", Verdict::lost, one_list},
    {"emailalertfrom", Verdict::lost, one_list},
    {"emailalertstatus", Verdict::lost, one_list},
    {"smtp", Verdict::lost, one_list},
    {"cleanstop", Verdict::lost, "at_stop counts for all services"},
    {"readdquiescent", Verdict::differs, "what is taken out of the table by hand comes back"},
    {"monitorfile", Verdict::lost, "keepalivectl events, and log_failures = yes in a check"},
    {"servicename", Verdict::same, "it names the section"},
    {"comment", Verdict::same, "it stands here now"},
    {"database", Verdict::lost, "no check here asks a database: a [check NAME] of type script"},
    {"secret", Verdict::lost, "no check here asks RADIUS: a [check NAME] of type script"},
    {"load", Verdict::lost, "dynamic_weight of a check of type script"},
};

/// The same look is taken once, so that it is remarked on once; programs are told addresses, and so differ.
std::string look_at(Virtual& self, const Node& node, const Look& look, const Target& target) {
  Desk desk{self.site, self.beside};
  if (look.type.starts_with("external")) return take_look(desk, node, look, target);
  const auto [known, fresh] = self.looks.try_emplace({look.request, look.receive, target.written_port, target.port});
  if (fresh) known->second = take_look(desk, node, look, target);
  return known->second;
}

void add_server(Virtual& self, const Node& node, const RealLine& real, const Look& look, const Target& target) {
  Server one{.place = place_of(target.address, target.port), .address = target.address, .weight = real.weight};
  if (look.type == "off") one.weight = 0;
  for (const auto& [word, value, usual] :
       {std::tuple{"lower", real.lower, 0U}, {"upper", real.upper, 0U}, {"weight", one.weight, 1U}})
    if (value != usual) one.options += fmt::format(" {}={}", word, value);
  one.options += " forward=" + real.forward;
  if (const std::string check = look_at(self, node, look, target); !check.empty()) one.checks = {check};
  if (std::any_of(self.servers.begin(), self.servers.end(), [&](const Server& s) { return s.place == one.place; }))
    return Desk{self.site, self.beside}.lose(node, fmt::format("{} stands here twice", one.place));
  one.comments = self.beside.take_comments();
  self.servers.push_back(std::move(one));
}

/// Where a server is. Debian's example has "192.168.6.2::5060", too.
tl::expected<Place, std::string> read_real_place(Desk& desk, const Node& node, std::string text) {
  const std::size_t twice = text.find("::");
  const bool slip = twice != std::string::npos && text.find('.') < twice;
  if (slip) text.erase(twice, 1);
  auto place = read_server_place(text);
  if (slip && place) desk.say(node, Verdict::differs, fmt::format("{} is meant, which ldirectord does not see", text));
  return place;
}

void take_real(Virtual& self, const Node& node) {
  const std::string& value = node.word(1);
  const std::size_t gap = std::min(value.find_first_of(" \t"), value.size());
  Desk desk{self.site, self.beside};
  const auto place = read_real_place(desk, node, value.substr(0, gap));
  if (!place) return desk.lose(node, place.error());
  if (is_ipv6(place->first) != self.six) return desk.lose(node, "is of the other address family than this service");
  const auto addresses = all_between(*place);
  if (addresses.empty()) return desk.lose(node, "ends before it begins");
  if (addresses.size() > most_servers)
    return desk.lose(node, fmt::format("{} servers at most in one line", most_servers));
  RealLine real = read_real(desk, node, std::string_view{value}.substr(gap));
  if (real.forward.empty()) real.forward = "dr";
  Look look = self.look;
  if (real.talk) std::tie(look.request, look.receive) = *real.talk;
  const bool mapped = real.forward == "nat" && config::read_number(place->port, 1, 65535);
  const std::string& port = mapped || self.port.empty() ? place->port : self.port;
  for (const std::string& address : addresses) add_server(self, node, real, look, {address, place->port, port});
  self.took();
}

void take_fallback(Virtual& self) {
  const auto& all = self.six ? self.common.fallback6 : self.common.fallback;
  const auto& one = self.fallback ? self.fallback : all;
  if (!one) return;
  Desk desk{self.site, self.pool};
  const bool mapped = one->forward == "nat" && !one->place.port.empty();
  const std::string& port = mapped || self.port.empty() ? one->place.port : self.port;
  const std::string sorry = place_of(one->place.first, port);
  if (is_ipv6(one->place.first) != self.six)
    return desk.lose(*one->node, "is of the other address family than this service");
  if (std::any_of(self.servers.begin(), self.servers.end(), [&](const Server& s) { return s.place == sorry; }))
    return desk.lose(*one->node, "is one of the servers, which a sorry server here is not");
  self.pool.set("sorry_server", fmt::format("{} forward={}", sorry, one->forward));
  if (port != one->place.port && !one->place.port.empty())
    desk.say(*one->node, Verdict::same, "only masq changes ports: its port is the service's");
}

void take_fallback_command(Virtual& self) {
  const auto& command = self.fallback_command ? self.fallback_command : self.common.fallback_command;
  if (!command) return;
  const bool mark = self.section.has("fwmark");
  const std::string place = mark ? self.section.value("fwmark") : self.section.value("address");
  for (const auto& [key, word] : {std::pair{"on_quorum_down", "start"}, {"on_quorum_up", "stop"}}) {
    auto line = *command;
    line.insert(line.end(), {word, place, mark ? "fwm" : self.section.value("protocol")});
    if (const auto text = written(line)) self.pool.set(key, *text);
  }
}

/// Where it listens; false: it cannot be said.
bool take_place(Virtual& self) {
  const std::string value = unquoted(self.node.word(1));
  self.six = self.node.word(0) == "virtual6";
  if (config::read_number(value, 1, 0xffffffff)) {
    self.section.set("fwmark", value);
    if (self.six) self.section.set("family", "ipv6");
    self.look.service = "none";
    self.look.virtual_address = value;
    self.look.virtual_port = "0";
    return true;
  }
  const auto place = read_virtual_place(value);
  if (!place || !place->last.empty()) return self.lose(self.node, place ? "wants one address" : place.error()), false;
  const auto address = ipvs::Address::parse(place->first);
  if (const auto unfit = config::unfit_service(*address); !unfit.empty())
    return self.lose(self.node, fmt::format("{} {}", place->first, unfit)), false;
  self.six = is_ipv6(place->first);
  self.port = place->port == "0" ? "" : place->port;
  self.look.virtual_address = to_string(*address);
  self.look.virtual_port = place->port;
  self.section.set("address", place_of(self.look.virtual_address, place->port));
  self.section.set("protocol", place->port == "53" ? "udp" : "tcp");
  return true;
}

std::string wished_name(const Node& node) {
  const auto named = std::find_if(node.children.begin(), node.children.end(),
                                  [](const Node& one) { return one.words.front() == "servicename"; });
  if (named != node.children.end() && !named->word(1).empty()) return unquoted(named->word(1));
  const bool mark = config::read_number(node.word(1), 1, 0xffffffff).has_value();
  return mark ? "fwmark-" + node.word(1) : node.word(1);
}

void end_remarks(Virtual& self) {
  for (const std::string& text : self.beside.take_comments()) self.pool.comment(text);
}

void write_pool(Virtual& self) {
  auto& servers = self.servers;
  const std::string forward = servers.front().options.substr(servers.front().options.rfind('=') + 1);
  const auto checks = servers.front().checks;
  const bool common =
      std::all_of(servers.begin(), servers.end(), [&](const Server& one) { return one.checks == checks; });
  if (common && !checks.empty()) self.pool.set("check", checks.front());
  for (Server& one : servers) {
    for (const std::string& text : one.comments) self.pool.comment(text);
    if (one.options.ends_with(" forward=" + forward)) one.options.resize(one.options.rfind(" forward="));
    const std::string check = common || one.checks.empty() ? "" : " check=" + one.checks.front();
    self.pool.add("server", one.place + one.options + check);
  }
  end_remarks(self);
  self.section.set("forward", forward);
  if (self.quiescent.value_or(self.common.quiescent)) self.pool.set("on_failure", "quiesce");
  if (!checks.empty()) self.pool.set("start", "down");
}

/// What ldirectord does not heed, and keepalive.conf does not allow, beside what else the service says.
void drop_idle(Virtual& self) {
  const auto drop = [&](const Node* node, Key key, std::string_view why) {
    if (node == nullptr) return;
    self.section.remove(key);
    self.say(*node, Verdict::same, why);
  };
  if (!self.section.has("persistence")) drop(self.mask, "persistence_mask", "counts beside persistent only");
  if (!self.look.udp) drop(self.ops, "one_packet", "counts with protocol = udp only");
  if (!self.look.type.starts_with("external")) drop(self.command, "", "counts with checktype = external only");
}

/// The service's own value, or else that of all services; checktimeout and negotiatetimeout stand in for each other.
void take_pace(Virtual& self) {
  const Pace& own = self.pace;
  const Pace& all = self.common.pace;
  Look& look = self.look;
  const auto first = [](std::initializer_list<std::optional<std::uint64_t>> list, std::uint64_t fallback) {
    for (const auto& one : list)
      if (one) return *one;
    return fallback;
  };
  look.check_timeout =
      first({own.check_timeout, own.negotiate_timeout, all.check_timeout, all.negotiate_timeout}, look.check_timeout);
  look.negotiate_timeout = first({own.negotiate_timeout, own.check_timeout, all.negotiate_timeout, all.check_timeout},
                                 look.negotiate_timeout);
  look.interval = first({own.interval, all.interval}, look.interval);
  look.failures = first({own.failures, all.failures}, look.failures);
  look.pings = first({own.count, all.count}, look.pings);
}

/// Why the whole service is left out; empty: it is not.
std::string_view unfit(const Virtual& self, Common& common) {
  const Section& section = self.section;
  const std::string place =
      section.value("protocol") + section.value("address") + section.value("fwmark") + section.value("family");
  if (!common.places.insert(place).second) return "is a service above, and ldirectord refuses it, too";
  const bool all_ports = section.has("address") && self.port.empty();
  if (all_ports && !section.has("persistence")) return "has no port, and all ports need persistent: write ADDRESS:PORT";
  return self.servers.empty() ? no_servers : "";
}

}  // namespace

void take_virtual(Site& site, const Node& node, Common& common) {
  const std::string name = site.out.free_name("virtual_server", wished_name(node));
  Section& pool = site.out.section("pool", site.out.free_name("pool", wished_name(node)));
  Virtual self{{site, site.out.section("virtual_server", name)}, node, pool, common};
  if (!take_place(self)) {
    for (const Node& child : node.children) self.lose(child, "belongs to the service above");
    return;
  }
  self.section.set("scheduler", "wrr");
  take_block<Virtual>(self, node.children, virtual_rows, said_of_virtuals);
  self.took();
  if (self.look.type == "off")
    self.say(node, Verdict::differs, "checktype = off: its servers stand there with weight 0");
  self.look.udp = self.section.value("protocol") == "udp";
  drop_idle(self);
  take_pace(self);
  for (const Node* const one : self.reals) take_real(self, *one);
  self.section.set("pool", pool.name());
  if (const std::string_view why = unfit(self, common); !why.empty()) {
    end_remarks(self);
    return leave_out(self, self.pool, node, why);
  }
  write_pool(self);
  take_fallback(self);
  take_fallback_command(self);
}

}  // namespace keepalive::import
