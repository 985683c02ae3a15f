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
  const Node* accept = nullptr;
  const Node* never = nullptr;
  const Node* delay = nullptr;
  const Node* notify = nullptr;
  const Node* base = nullptr;  // vmac_xmit_base
  const Node* advertise = nullptr;
  const Node* password = nullptr;

  bool speaks(const ipvs::Address& address) const { return (address.family() == ipvs::Family::ipv6) == six; }
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
  const auto on = truth(node);
  if (!on) return self.lose(node, fmt::format("wants on or off: {} stands", self.strict ? "on" : "off"));
  self.strict = *on;
  self.took();
  if (*on) self.say(node, Verdict::differs, strict_is);
}

void version(Router& self, const Node& node, Key key) {
  if (node.word(1) != "2" && node.word(1) != "3") return self.lose(node, "wants 2 or 3");
  self.set(node, key, node.word(1));
}

void no_accept(Router& self, const Node& node, Key key) { self.set(node, key, "no"); }

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
    if (!excluded && !self.speaks(prefix->address)) {
      self.lose(*one, fmt::format("is not {}, and keepalived ignores it, too: excluded = {} holds it as well",
                                  self.six ? "IPv6" : "IPv4", line.text));
      continue;
    }
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
    const auto address = ipvs::Address::parse(one->words.front());
    bool good = address.has_value();
    for (std::size_t i = 1; i < one->words.size(); i += 2) {
      good = good && config::read_number(one->word(i + 1), 0, 255) &&
             (one->words[i] == "min_ttl" || one->words[i] == "max_ttl");
      (one->words[i] == "min_ttl" ? least : most) = one->word(i + 1);
    }
    if (!good) {
      self.lose(*one, "is no router's address, perhaps with min_ttl and max_ttl");
      continue;
    }
    if (!self.speaks(*address)) {
      self.lose(*one, fmt::format("is not {}, and keepalived leaves it out, too", self.six ? "IPv6" : "IPv4"));
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
    else if (const std::string_view fault = config::interface_fault(node.words[i]); !fault.empty())
      self.lose(node, fmt::format("its name {}: one of its own stands", fault));
    else
      name = node.words[i];
  }
  self.set(node, key, written(name));
}

void native_ipv6(Router& self, const Node& node, Key key) {
  if (!self.six) return self.lose(node, "an address of IPv4 stands above: keepalived ignores it, too");
  self.set(node, key, "ipv6");
}

void source(Router& self, const Node& node, Key key) {
  const auto address = ipvs::Address::parse(node.word(1));
  if (!address || !self.speaks(*address))
    return self.lose(node, fmt::format("is no address of {}: the interface's stands, as for keepalived",
                                       self.six ? "IPv6" : "IPv4"));
  take_text(self, node, key);
}

/// The kernel's hop limit, which keepalived leaves as it is.
constexpr std::string_view hop_limit = "64";

void ttl(Router& self, const Node& node, Key key) { take_number_or(self, node, key, self.six ? hop_limit : ""); }

void sync_interface(Router& self, const Node& node, Key) {
  Section& sync = self.site.out.section("sync");
  self.site.sync = &node;
  Desk{self.site, sync}.set(node, "interface", written(node.word(1)));
  sync.set("follow", self.instance.node->word(1));
}

void tracks(Router& self, const Node& node, Key) { take_tracks(self, node, !self.instance.grouped); }

/// What instances have from global_defs, each under our key.
std::array<std::pair<Key, std::string>, 6> globals_of(const Router& self) {
  const Defaults& defaults = self.site.defaults;
  const auto gap = self.site.gaps.find(self.section.value("interface"));
  return {{{"announce_delay", defaults.min_garp ? "0" : defaults.garp_delay},
           {"announce_repeat", defaults.min_garp ? "1" : defaults.garp_repeat},
           {"announce_refresh", defaults.garp_refresh},
           {"announce_gap", gap == self.site.gaps.end() ? defaults.garp_gap : gap->second},
           {"start_delay", defaults.start_delay},
           {"down_after", defaults.down_after}}};
}

template <void (*take)(Desk&, const Node&, Key key, std::string_view stands)>
void over_globals(Router& self, const Node& node, Key key) {
  const auto list = globals_of(self);
  const auto* const found = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.first == key; });
  take(self, node, key, found->second);
}

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
    {"mcast_src_ip", "source", source},
    {"unicast_src_ip", "source", source},
    {"unicast_peer", "peers", peers, 0, true},
    {"unicast_ttl", "ttl", ttl},
    {"native_ipv6", "family", native_ipv6, 0},
    {"use_vmac", "virtual_mac", virtual_mac, 2},
    {"vmac_xmit_base", "", keep<&Router::base>, 0},
    {"track_interface", "", tracks, 0, true},
    {"track_script", "", tracks, 0, true},
    {"track_file", "", tracks, 0, true},
    {"track_process", "", tracks, 0, true},
    {"garp_master_delay", "announce_delay", over_globals<take_time_or>},
    {"garp_master_repeat", "announce_repeat", over_globals<take_number_or>},
    {"garp_master_refresh", "announce_refresh", over_globals<take_time_or>},
    {"down_timer_adverts", "down_after", over_globals<take_number_or>},
    {"accept", "", keep<&Router::accept>, 0},
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

/// The family of what stands first, by which keepalived judges the rest.
bool speaks_six(const Node& node) {
  for (const Node& one : node.children) {
    if (!one.remark.empty()) continue;
    const std::string& word = one.words.front();
    if (word == "native_ipv6") return true;
    if (word == "mcast_src_ip" || word == "unicast_src_ip") {
      if (const auto address = ipvs::Address::parse(one.word(1))) return address->family() == ipvs::Family::ipv6;
    } else if (word == "virtual_ipaddress" || word == "unicast_peer") {
      for (const Node& line : one.children)
        if (const auto prefix = line.remark.empty() ? vrrp::read_prefix(line.words.front()) : std::nullopt)
          return prefix->address.family() == ipvs::Family::ipv6;
    }
  }
  return false;
}

void fill(Router& self) {
  Section& section = self.section;
  for (const auto& [key, value] : globals_of(self))
    if (!value.empty() && !section.has(key)) section.set(key, value);
  if (const auto found = self.site.delays.find(section.value("interface")); found != self.site.delays.end()) {
    section.set("down_delay", found->second.down);
    section.set("up_delay", found->second.up);
  }
  if (self.six && !section.has("addresses")) section.set("family", "ipv6");
  if (self.six && section.has("peers") && !section.has("ttl")) section.set("ttl", std::string{hop_limit});
  if (section.has("ttl") && !section.has("peers")) section.remove("ttl");
}

/// keepalived leaves out what is out of bounds, and rounds what the version cannot say.
void finish_interval(Router& self, bool three) {
  const config::Key& ours = *config::find_key("vrrp", "advertise");
  if (self.advertise == nullptr) return;
  const auto time = time_for(ours, self.advertise->word(1));
  if (!time) return self.lose(*self.advertise, wanted_time(ours));
  const Milliseconds value = *config::read_time(*time);
  const std::int64_t step = three ? 10 : 1000;
  const std::int64_t most = three ? 40'950 : 255'000;
  const std::int64_t kept = std::min((value.count() + step - 1) / step * step, most);
  if (kept != value.count())
    self.say(*self.advertise, Verdict::differs,
             three ? "version 3 knows hundredths of a second, up to 40.95: keepalived rounds, too"
                   : "version 2 knows whole seconds only");
  self.set(*self.advertise, "advertise", config::print_time(Milliseconds{kept}));
}

void finish_version(Router& self) {
  Section& section = self.section;
  const std::string version = self.six                 ? "3"
                              : section.has("version") ? section.value("version")
                                                       : self.site.defaults.version;
  section.set("version", version == "3" ? "3" : "2");
  finish_interval(self, version == "3");
  if (self.password == nullptr) return;
  constexpr std::size_t longest = 8;
  const std::string& password = self.password->word(1);
  if (version == "3" || self.strict)
    return self.say(*self.password, Verdict::same,
                    version == "3" ? "version 3 has no password; hmac_key proves who speaks"
                                   : "strict mode has no password: keepalived leaves it out, too");
  if (password.size() > longest)
    self.say(*self.password, Verdict::differs, "a password has 8 letters: the rest is cut, as keepalived does");
  self.set(*self.password, "password", written(password.substr(0, longest)));
}

/// Seconds up to 1000: what keepalived takes.
std::optional<std::string> delay_of(const Node& node) {
  const auto time = time_of(node.word(1));
  return time && *config::read_time(*time) <= std::chrono::seconds{1000} ? time : std::nullopt;
}

void finish_failback(Router& self) {
  const bool owner = self.section.value("priority") == "255";
  for (const Node* const node : {self.never, self.delay}) {
    if (node == nullptr) continue;
    const auto time = delay_of(*node);
    if (owner || self.master)
      self.say(*node, Verdict::same,
               owner ? "priority 255 takes over always" : "keepalived ignores it with state MASTER");
    else if (node == self.delay && self.strict)
      self.say(*node, Verdict::same, "strict mode has no delay: keepalived leaves it out, too");
    else if (node == self.never)
      self.set(*node, "failback", "never");
    else if (self.never != nullptr || !time)
      self.lose(*node, time ? "failback = never is said already" : "wants seconds up to 1000: immediate stands");
    else
      self.set(*node, "failback", "delayed " + *time);
  }
}

void finish_accept(Router& self) {
  const bool said = self.accept != nullptr && self.section.value("version") == "3";
  const bool accepts = !self.strict || said || self.section.value("priority") == "255";
  if (!accepts) self.section.set("accept", "no");
  if (self.accept == nullptr) return;
  self.say(
      *self.accept, Verdict::same,
      accepts ? "accept = yes is the default" : "strict mode of version 2 has none: keepalived leaves it out, too");
}

void finish(Router& self) {
  Section& section = self.section;
  finish_version(self);
  finish_failback(self);
  finish_accept(self);
  if (self.notify != nullptr)
    take_notify(self, *self.notify, "INSTANCE", self.instance.node->word(1),
                section.has("priority") ? section.value("priority") : "100");
  if (self.base != nullptr)
    self.say(*self.base, section.has("peers") ? Verdict::same : Verdict::differs,
             "advertisements to peers leave by the interface itself, those by multicast by that of the virtual MAC");
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
  Router self{{site, site.out.section("vrrp", instance.name)},
              instance,
              speaks_six(*instance.node),
              false,
              site.defaults.strict};
  say_ignored(self, *instance.node, 1, true);
  take_block<Router>(self, instance.node->children, router_rows, said_of_instances());
  finish(self);
  self.took();
}

}  // namespace keepalive::import
