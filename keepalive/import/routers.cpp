// vrrp_instance: what becomes a virtual router.
#include <array>
#include <set>
#include <string>
#include <utility>

#include "config/prefix.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"
#include "import/network.hpp"
#include "import/site.hpp"
#include "import/text.hpp"
#include "import/vocabulary.hpp"

namespace keepalive::import {
namespace {

using Key = std::string_view;

/// An instance on its way.
struct Router : Desk {
  const Instance& instance;
  bool six = false;
  bool master = false;  // state MASTER
  bool strict = false;
  bool accept_said = false;
  const Node* never = nullptr;
  const Node* delay = nullptr;
  const Node* notify = nullptr;
  const Node* base = nullptr;  // vmac_xmit_base
  const Node* advertise = nullptr;
  const Node* password = nullptr;
  std::set<std::string> addresses = {};  // with their interfaces
};

void state(Router& self, const Node& node, Key) {
  self.master = node.word(1) == "MASTER";
  self.say(node, Verdict::same, "the highest priority is master, whoever starts first");
}

template <const Node* Router::*member>
void keep(Router& self, const Node& node, Key) {
  self.*member = &node;
}

void strict(Router& self, const Node& node, Key) {
  self.strict = truth(node).value_or(true);
  self.say(node, Verdict::differs, "accept = no is what becomes of it: nothing else is refused");
}

void version(Router& self, const Node& node, Key key) {
  if (node.word(1) != "2" && node.word(1) != "3") return self.lose(node, "wants 2 or 3");
  self.set(node, key, node.word(1));
}

void no_accept(Router& self, const Node& node, Key key) { self.set(node, key, "no"); }
void accept(Router& self, const Node& node, Key) {
  self.accept_said = true;
  self.say(node, Verdict::same, "accept = yes is the default");
}

void authentication(Router& self, const Node& node, Key) {
  const Node* type = nullptr;
  for (const Node* const one : counting(self, node.children)) {
    if (one->words.front() == "auth_type")
      type = one;
    else if (one->words.front() == "auth_pass")
      self.password = one;
    else
      self.lose(*one, "no keyword of authentication");
  }
  self.took();
  if (type == nullptr || type->word(1) == "PASS" || type->word(1) == "1") return;
  self.lose(*type, "IPsec AH is not spoken: hmac_key and hmac, with version 3 on all routers");
  if (self.password != nullptr) self.lose(*self.password, "belongs to the line above");
  self.password = nullptr;
}

template <bool excluded>
void addresses(Router& self, const Node& node, Key key) {
  for (const Node* const one : counting(self, node.children)) {
    Converted line = convert_address(one->words);
    if (line.text.empty() || !written(line.text) || line.text.find(',') != std::string::npos) {
      self.lose(*one, line.why.empty() ? "cannot be written here" : line.why);
      continue;
    }
    const auto prefix = vrrp::read_prefix(one->words.front());
    const auto dev = std::find(one->words.begin(), one->words.end(), "dev");
    const std::string interface =
        dev == one->words.end() || dev + 1 == one->words.end() ? self.section.value("interface") : *(dev + 1);
    const std::string address = to_string(prefix->address);
    const auto [holder, fresh] = self.site.holders.emplace(interface + " " + address, self.instance.name);
    if (!fresh) {
      self.lose(*one,
                fmt::format("{} stands in [vrrp {}] already; keepalived names it twice in its packets, and hears no "
                            "others: take it out on all routers",
                            address, holder->second));
      continue;
    }
    self.site.holders.emplace(address, self.instance.name);
    for (const std::string& text : line.differs) self.say(*one, Verdict::differs, text);
    self.section.add(key, line.text);
    self.took();
  }
}

void peers(Router& self, const Node& node, Key key) {
  for (const Node* const one : counting(self, node.children)) {
    std::string least = "0";
    std::string most = "255";
    bool good = ipvs::Address::parse(one->words.front()).has_value();
    for (std::size_t i = 1; i < one->words.size(); i += 2) {
      good = good && config::read_number(one->word(i + 1), 0, 255) &&
             (one->words[i] == "min_ttl" || one->words[i] == "max_ttl");
      (one->words[i] == "min_ttl" ? least : most) = one->word(i + 1);
    }
    if (!good) {
      self.lose(*one, "is no router's address, perhaps with min_ttl and max_ttl");
      continue;
    }
    const std::string bounds = one->arguments() == 0 ? "" : fmt::format(" ttl {}-{}", least, most);
    self.section.add(key, one->words.front() + bounds);
    self.took();
  }
}

void routes(Router& self, const Node& node, Key key) {
  for (const Node* const one : counting(self, node.children)) {
    Converted line = key == "routes" ? convert_route(one->words, self.section.value("interface"))
                                     : convert_rule(one->words, self.site.rule_priority);
    if (line.text.empty() || !written(line.text)) {
      self.lose(*one, line.why.empty() ? "cannot be written here" : line.why);
      continue;
    }
    if (key == "rules") --self.site.rule_priority;
    for (const std::string& text : line.differs) self.say(*one, Verdict::differs, text);
    self.section.add(key, line.text);
    self.took();
  }
}

void virtual_mac(Router& self, const Node& node, Key key) {
  std::string name = "yes";
  for (std::size_t i = 1; i < node.words.size(); ++i) {
    if (node.words[i].find(':') != std::string::npos)
      self.lose(node, "the virtual MAC is that of RFC 9568: 00:00:5e:00:01:ID");
    else
      name = node.words[i];
  }
  self.set(node, key, written(name));
}

void native_ipv6(Router& self, const Node& node, Key key) { self.set(node, key, "ipv6"); }

void sync_interface(Router& self, const Node& node, Key) {
  Section& sync = self.site.out.section("sync");
  self.site.sync = &node;
  Desk{self.site, sync}.set(node, "interface", written(node.word(1)));
  sync.set("follow", self.instance.node->word(1));
}

void tracks(Router& self, const Node& node, Key) { take_tracks(self, node, !self.instance.grouped); }

constexpr Row<Router> router_rows[] = {
    {"interface", "interface", by<Router, take_text>},
    {"state", "", state},
    {"virtual_router_id", "id", by<Router, take_number>},
    {"priority", "priority", by<Router, take_number>},
    {"version", "version", version},
    {"advert_int", "advertise", keep<&Router::advertise>},
    {"authentication", "", authentication, 0, true},
    {"virtual_ipaddress", "addresses", addresses<false>, 0, true},
    {"virtual_ipaddress_excluded", "excluded", addresses<true>, 0, true},
    {"nopreempt", "", keep<&Router::never>, 0},
    {"preempt_delay", "", keep<&Router::delay>},
    {"mcast_src_ip", "source", by<Router, take_text>},
    {"unicast_src_ip", "source", by<Router, take_text>},
    {"unicast_peer", "peers", peers, 0, true},
    {"unicast_ttl", "ttl", by<Router, take_number>},
    {"native_ipv6", "family", native_ipv6, 0},
    {"use_vmac", "virtual_mac", virtual_mac, 2},
    {"vmac_xmit_base", "", keep<&Router::base>, 0},
    {"track_interface", "", tracks, 0, true},
    {"track_script", "", tracks, 0, true},
    {"track_file", "", tracks, 0, true},
    {"track_process", "", tracks, 0, true},
    {"garp_master_delay", "announce_delay", by<Router, take_time>},
    {"garp_master_repeat", "announce_repeat", by<Router, take_number>},
    {"garp_master_refresh", "announce_refresh", by<Router, take_time>},
    {"down_timer_adverts", "down_after", by<Router, take_number>},
    {"accept", "", accept, 0},
    {"no_accept", "accept", no_accept, 0},
    {"strict_mode", "", strict},
    {"virtual_routes", "routes", routes, 0, true},
    {"virtual_rules", "rules", routes, 0, true},
    {"lvs_sync_daemon_interface", "", sync_interface},
    {"notify_master", "on_master", by<Router, take_program>, any_number},
    {"notify_backup", "on_backup", by<Router, take_program>, any_number},
    {"notify_fault", "on_fault", by<Router, take_program>, any_number},
    {"notify_stop", "on_stop", by<Router, take_program>, any_number},
    {"notify", "", keep<&Router::notify>, any_number},
};

bool speaks_six(const Node& node) {
  if (find_child(node, "native_ipv6") != nullptr) return true;
  for (const std::string_view list : {"virtual_ipaddress", "unicast_peer"})
    if (const Node* const block = find_child(node, list); block != nullptr && !block->children.empty())
      return block->children.front().text.find(':') < block->children.front().text.find_first_of(blanks);
  return false;
}

/// What instances have from global_defs, and what ours would have otherwise.
void fill(Router& self) {
  Section& section = self.section;
  const Defaults& defaults = self.site.defaults;
  const std::array<std::pair<std::string_view, std::string>, 6> list{
      {{"announce_delay", defaults.min_garp ? "0" : defaults.garp_delay},
       {"announce_repeat", defaults.min_garp ? "1" : defaults.garp_repeat},
       {"announce_refresh", defaults.garp_refresh},
       {"announce_gap", self.site.gaps.contains(section.value("interface")) ? self.site.gaps[section.value("interface")]
                                                                            : defaults.garp_gap},
       {"start_delay", defaults.start_delay},
       {"down_after", defaults.down_after}}};
  for (const auto& [key, value] : list)
    if (!value.empty() && !section.has(key)) section.set(key, value);
  if (const auto found = self.site.delays.find(section.value("interface")); found != self.site.delays.end()) {
    section.set("down_delay", found->second.down);
    section.set("up_delay", found->second.up);
  }
  constexpr std::string_view hop_limit = "64";  // the kernel's, which keepalived leaves as it is
  if (self.six && section.has("peers") && !section.has("ttl")) section.set("ttl", std::string{hop_limit});
  if (section.has("ttl") && !section.has("peers")) section.remove("ttl");
}

void finish_version(Router& self) {
  Section& section = self.section;
  const std::string version = self.six                 ? "3"
                              : section.has("version") ? section.value("version")
                                                       : self.site.defaults.version;
  section.set("version", version == "3" ? "3" : "2");
  if (self.advertise != nullptr) {
    const auto time = time_of(self.advertise->word(1));
    const Milliseconds value = time ? config::read_time(*time).value_or(Milliseconds{1000}) : Milliseconds{1000};
    const std::int64_t step = version == "3" ? 10 : 1000;
    const std::int64_t most = version == "3" ? 40'950 : 255'000;
    const std::int64_t kept = std::clamp((value.count() + step - 1) / step * step, step, most);
    if (!time || kept != value.count())
      self.say(*self.advertise, Verdict::differs,
               version == "3" ? "version 3 knows hundredths of a second, up to 40.95"
                              : "version 2 knows whole seconds only");
    self.set(*self.advertise, "advertise", config::print_time(Milliseconds{kept}));
  }
  if (self.password == nullptr) return;
  constexpr std::size_t longest = 8;
  if (version == "3")
    return self.say(*self.password, Verdict::same, "version 3 has no password; hmac_key proves who speaks");
  self.set(*self.password, "password", written(self.password->word(1).substr(0, longest)));
}

void finish_failback(Router& self) {
  const bool owner = self.section.value("priority") == "255";
  for (const Node* const node : {self.never, self.delay}) {
    if (node == nullptr) continue;
    const auto time = time_of(node->word(1));
    if (owner || self.master)
      self.say(*node, Verdict::same,
               owner ? "priority 255 takes over always" : "keepalived ignores it with state MASTER");
    else if (node == self.never)
      self.set(*node, "failback", "never");
    else if (self.never != nullptr || !time)
      self.lose(*node, time ? "failback = never is said already" : "wants seconds");
    else
      self.set(*node, "failback", "delayed " + *time);
  }
}

void finish(Router& self) {
  Section& section = self.section;
  finish_version(self);
  finish_failback(self);
  if (self.notify != nullptr)
    take_notify(self, *self.notify, "INSTANCE", self.instance.node->word(1),
                section.has("priority") ? section.value("priority") : "100");
  if (self.base != nullptr)
    self.say(*self.base, section.has("peers") ? Verdict::same : Verdict::differs,
             "advertisements to peers leave by the interface itself, those by multicast by that of the virtual MAC");
  if (self.strict && !self.accept_said && section.value("priority") != "255") section.set("accept", "no");
  if (!section.has("interface"))
    self.lose(*self.instance.node, "has no interface, which is compulsory: interface = the one towards its peers");
  fill(self);
}

}  // namespace

void know_instance(Site& site, const Node& node) {
  const std::string name = site.out.free_name("vrrp", node.word(1));
  const bool fresh = site.instance_numbers.emplace(node.word(1), site.instances.size()).second;
  if (fresh) return site.instances.push_back({&node, name});
  Desk{site, site.out.section("")}.lose(node, "an instance of this name stands above already");
}

void take_instance(Site& site, const Instance& instance) {
  Router self{{site, site.out.section("vrrp", instance.name)}, instance, speaks_six(*instance.node)};
  say_ignored(self, *instance.node, 1, true);
  take_block<Router>(self, instance.node->children, router_rows, said_of_instances());
  finish(self);
  self.took();
}

}  // namespace keepalive::import
