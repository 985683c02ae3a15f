// global_defs, and what counts for all instances at the top of the file.
#include <array>
#include <cstdlib>
#include <string>

#include "config/prefix.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"
#include "import/network.hpp"
#include "import/site.hpp"
#include "import/vocabulary.hpp"

namespace keepalive::import {
namespace {

struct Globals : Desk {};
using Key = std::string_view;

void mail_to(Globals& self, const Node& node, Key) {
  std::vector<const Node*> entries = counting(self, node.children);
  entries.push_back(&node);
  std::string list;
  for (const Node* const entry : entries)
    for (std::size_t i = entry == &node ? 1 : 0; i < entry->words.size(); ++i) {
      const std::string& one = entry->words[i];
      if (one.find('@') == std::string::npos || one.find(',') != std::string::npos)
        self.lose(*entry, fmt::format("is no whole mail address: mail_to = {}@its.domain", one));
      else
        list += (list.empty() ? "" : ", ") + one;
    }
  if (!list.empty()) self.set(node, "mail_to", written(list));
}

void mail_server(Globals& self, const Node& node, Key key) {
  if (node.word(1).empty()) return self.lose(node, "wants a host, and perhaps a port");
  self.set(node, key, written("smtp://" + place_of(node.word(1), node.word(2))));
  self.say(node, Verdict::differs, "a mail server that offers TLS gets it, and its certificate must be valid");
}

/// A default that instances are given, each by itself; `key`: theirs.
template <std::string Defaults::*member>
void keep_time(Globals& self, const Node& node, Key key) {
  const config::Key& ours = *config::find_key("vrrp", key);
  const auto time = time_for(ours, node.word(1));
  if (!time) return self.lose(node, wanted_time(ours, self.site.defaults.*member));
  self.site.defaults.*member = *time;
  self.took();
}
template <std::string Defaults::*member>
void keep_number(Globals& self, const Node& node, Key key) {
  const config::Key& ours = *config::find_key("vrrp", key);
  const auto number = number_for(ours, node.word(1));
  if (!number) return self.lose(node, wanted_number(ours, self.site.defaults.*member));
  self.site.defaults.*member = *number;
  self.took();
}
void version(Globals& self, const Node& node, Key) {
  std::string& version = self.site.defaults.version;
  if (node.word(1) != "2" && node.word(1) != "3")
    return self.lose(node, fmt::format("wants 2 or 3: {} stands", version));
  version = node.word(1);
  self.took();
}
template <bool Defaults::*member>
void keep_flag(Globals& self, const Node& node, Key) {
  const auto on = truth(node);
  if (!on) return self.lose(node, "wants on or off");
  self.site.defaults.*member = *on;
  self.took();
}

void strict(Globals& self, const Node& node, Key key) {
  keep_flag<&Defaults::strict>(self, node, key);
  if (self.site.defaults.strict) self.say(node, Verdict::differs, strict_is);
}

void script_user(Globals& self, const Node& node, Key key) {
  take_text(self, node, key);
  self.site.defaults.script_user = node.word(1);
  if (!node.word(2).empty()) self.say(node, Verdict::differs, "the group is the user's own");
}

void interface(Globals& self, const Node& node, Key) {
  if (!node.word(1).empty()) self.site.defaults.interface = node.word(1);
  self.say(node, Verdict::same, "counts for static addresses only, which are remarked on");
}

void flush(Globals& self, const Node& node, Key key) { self.set(node, key, "flush"); }

void first_mark(Globals& self, const Node& node, Key) {
  const auto mark = config::read_number(node.word(1), 1, 0xffffffff);
  const bool number = node.word(0) == "nftables_ipvs_start_fwmark";
  if (number && !mark) return self.lose(node, "wants a number");
  if (number || !self.site.defaults.first_mark)
    self.site.defaults.first_mark = number ? static_cast<std::uint32_t>(*mark) : 1000;
  self.say(node, Verdict::same, "virtual servers of a virtual_server_group say together = yes, and their mark");
}

void timeouts(Globals& self, const Node& node, Key) {
  Globals desk{{self.site, self.site.out.section("ipvs")}};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> names{
      {{"tcp", "timeout_tcp"}, {"tcpfin", "timeout_tcp_fin"}, {"udp", "timeout_udp"}}};
  for (std::size_t i = 1; i < node.words.size(); i += 2) {
    const auto* const name =
        std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == node.words[i]; });
    if (name == names.end()) return desk.lose(node, "wants tcp, tcpfin or udp, and seconds behind it");
    if (node.word(i + 1) == "0") continue;
    const config::Key& ours = *config::find_key("ipvs", name->second);
    const auto time = time_for(ours, node.word(i + 1));
    if (time)
      desk.set(node, name->second, time);
    else
      desk.lose(node, fmt::format("{} {}", name->first, wanted_time(ours)));
  }
}

void notify_pipe(Globals& self, const Node& node, Key key) {
  if (!node.word(1).starts_with('/')) return self.lose(node, "wants a whole path");
  self.set(node, key, written(node.word(1)));
  self.say(node, Verdict::differs, "lines are events as JSON, as GET /v1/events has them in keepalive-api(7)");
}

void program(Globals& self, const Node& node, Key key) {
  take_program(self, node, key);
  self.say(node, Verdict::differs,
           key == "on_start"
               ? "runs once the daemon has started; what must be there before that belongs into a unit of "
                 "systemd with Before=keepalive.service"
               : "runs when the daemon is told to stop, as user script_user");
}

/// `id 7` and so on, as keepalived takes it.
void sync_option(Desk& desk, const Node& node, Key key, const std::string& text) {
  if (key == "group") {
    const auto address = ipvs::Address::parse(text);
    if (address && address->is_multicast()) return desk.section.set(key, text);
    return desk.lose(node, "group wants a multicast address: 224.0.0.81 stands");
  }
  config::Key ours = *config::find_key("sync", key);
  constexpr std::uint64_t longest = 9188;  // of version 1, which is what the kernel sends
  if (key == "max_length") ours.high = longest;
  const auto number = number_for(ours, text);
  if (number) return desk.section.set(key, *number);
  desk.lose(node, fmt::format("{} {}", key, wanted_number(ours)));
}

/// lvs_sync_daemon INTERFACE [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]
void sync(Globals& self, const Node& node, Key) {
  if (const std::string_view fault = config::interface_fault(node.word(1)); !fault.empty())
    return self.lose(node, fmt::format("its interface {}: no daemon runs", fault));
  Section& section = self.site.out.section("sync");
  self.site.sync = &node;
  Desk desk{self.site, section};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> options{
      {{"id", "id"}, {"maxlen", "max_length"}, {"port", "port"}, {"ttl", "ttl"}, {"group", "group"}}};
  desk.set(node, "interface", written(node.word(1)));
  section.set("follow", "both");
  for (std::size_t i = 2; i < node.words.size(); ++i) {
    const auto* const option =
        std::find_if(options.begin(), options.end(), [&](const auto& one) { return one.first == node.words[i]; });
    if (option != options.end()) {
      sync_option(desk, node, option->second, node.word(++i));
      continue;
    }
    if (node.words[i] == "inst") ++i;
    section.set("follow", node.word(i));  // finish_sync() puts our name
  }
}

constexpr Row<Globals> global_rows[] = {
    {"router_id", "router_id", by<Globals, take_text>},
    {"notification_email", "mail_to", mail_to, 1000, true},
    {"notification_email_from", "mail_from", by<Globals, take_text>},
    {"smtp_server", "mail_server", mail_server, 2},
    {"smtp_alert", "", keep_flag<&Defaults::alert_servers>},
    {"smtp_alert_checker", "", keep_flag<&Defaults::alert_servers>},
    {"checker_log_all_failures", "", keep_flag<&Defaults::log_failures>},
    {"vrrp_version", "", version},
    {"vrrp_garp_master_delay", "announce_delay", keep_time<&Defaults::garp_delay>},
    {"vrrp_garp_master_repeat", "announce_repeat", keep_number<&Defaults::garp_repeat>},
    {"vrrp_garp_master_refresh", "announce_refresh", keep_time<&Defaults::garp_refresh>},
    {"vrrp_garp_interval", "announce_gap", keep_time<&Defaults::garp_gap>},
    {"vrrp_min_garp", "", keep_flag<&Defaults::min_garp>},
    {"vrrp_down_timer_adverts", "down_after", keep_number<&Defaults::down_after>},
    {"vrrp_startup_delay", "start_delay", keep_time<&Defaults::start_delay>},
    {"vrrp_strict", "", strict},
    {"vrrp_rt_priority", "realtime", by<Globals, take_number>},
    {"default_interface", "", interface},
    {"script_user", "script_user", script_user, 2},
    {"lvs_flush", "at_start", flush, 0},
    {"lvs_timeouts", "", timeouts, 6},
    {"lvs_sync_daemon", "", sync, 20},
    {"nftables_ipvs", "", first_mark},
    {"nftables_ipvs_start_fwmark", "", first_mark},
    {"notify_fifo", "notify_pipe", notify_pipe, 3},
    {"startup_script", "on_start", program, 3},
    {"shutdown_script", "on_stop", program, 3},
};

/// interface_up_down_delays { eth0 2 5 }
void delays(Desk& desk, const Node& node) {
  const config::Key& ours = *config::find_key("vrrp", "down_delay");
  for (const Node* const one : counting(desk, node.children)) {
    const auto down = time_for(ours, one->word(1));
    const auto up = one->word(2).empty() ? down : time_for(ours, one->word(2));
    if (!down || !up)
      desk.lose(*one, fmt::format("each of its delays {}", wanted_time(ours)));
    else
      desk.site.delays[one->words.front()] = {*down, *up};
  }
  desk.took();
}

/// garp_group { interface eth0  garp_interval 0.5 }
void gaps(Desk& desk, const Node& node) {
  const config::Key& ours = *config::find_key("vrrp", "announce_gap");
  std::string gap;
  std::vector<std::string> interfaces;
  for (const Node* const one : counting(desk, node.children)) {
    if (one->words.front() == "garp_interval" && time_for(ours, one->word(1)))
      gap = *time_for(ours, one->word(1));
    else if (one->words.front() == "garp_interval")
      desk.lose(*one, wanted_time(ours, desk.site.defaults.garp_gap));
    else if (one->words.front() == "interface" && one->arguments() == 1)
      interfaces.push_back(one->word(1));
    else
      desk.lose(*one,
                "the gap between announcements is one for each interface, and one for IPv4 and IPv6: announce_gap");
  }
  for (const std::string& interface : interfaces)
    if (!gap.empty()) desk.site.gaps[interface] = gap;
  desk.took();
}

/// Mail goes from a server to somebody: what stands without the other says so.
void finish_mail(Globals& self) {
  Section& global = self.section;
  if (global.has("mail_server") && global.has("mail_to")) return;
  for (const std::string_view key : {"mail_server", "mail_to", "mail_from", "mail_repeat"}) {
    if (!global.has(key)) continue;
    const std::string value = global.value(key);
    global.remove(key);
    self.lose(*self.site.globals.at(std::string{key}),
              fmt::format("no mail is sent without {}: with that, write {} = {}",
                          key == "mail_server" ? "mail_to = ADDRESS"
                          : key == "mail_to"   ? "mail_server = smtp://HOST"
                                               : "mail_server and mail_to",
                          key, value));
  }
}

/// A word that should be a prefix; empty: there is none.
std::string no_prefix(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool mark = i > 0 && words[i - 1] == "fwmark";
    if (!mark && words[i].find('/') != std::string::npos && !vrrp::read_prefix(words[i])) return words[i];
  }
  return "";
}

/// The line as ip(8) takes it: without words that only keepalived knows, and with the interface that it would take.
std::string for_ip(const Node& node, bool address, const std::string& interface) {
  std::string text;
  bool dev = !address;
  for (std::size_t i = 0; i < node.words.size(); ++i) {
    const std::string& word = node.words[i];
    if (word == "track_group") ++i;
    if (word == "track_group" || word == "no_track") continue;
    dev = dev || word == "dev";
    text += " " + (word == "-nodad" ? "nodad" : word);
  }
  return text + (dev ? "" : " dev " + interface);
}

/// Addresses, routes and rules that stay where they are.
void statics(Desk& desk, const Node& node) {
  const bool address = node.words.front() == "static_ipaddress";
  const std::string_view command = address                                 ? "ip address add"
                                   : node.words.front() == "static_routes" ? "ip route add"
                                                                           : "ip rule add";
  desk.lose(node, "what does not move is the network's configuration (interfaces(5), systemd.network(5))");
  for (const Node* const one : counting(desk, node.children))
    if (const std::string strange = no_prefix(one->words); !strange.empty())
      desk.lose(*one, fmt::format("`{}' is no prefix: keepalived leaves the line out, too", strange));
    else
      desk.lose(*one, fmt::format("by hand: {}{}", command, for_ip(*one, address, desk.site.defaults.interface)));
}

struct TopBlock {
  std::string_view word;
  void (*take)(Desk& desk, const Node& node);
};
constexpr TopBlock top_blocks[] = {{"interface_up_down_delays", delays},
                                   {"garp_group", gaps},
                                   {"static_ipaddress", statics},
                                   {"static_routes", statics},
                                   {"static_rules", statics}};

}  // namespace

void take_globals(Site& site, const Node& node) {
  Globals desk{{site, site.global()}};
  if (node.words.front() == "global_defs")
    return take_block<Globals>(desk, node.children, global_rows, said_globally());
  for (const TopBlock& block : top_blocks)
    if (block.word == node.words.front()) return block.take(desk, node);
  take_node<Globals>(desk, node, {}, said_at_top());
}

void finish_globals(Site& site) {
  Globals desk{{site, site.global()}};
  finish_mail(desk);
  Section& global = desk.section;
  if (site.programs && !global.has("script_user"))
    global.comment(
        "Programs run as keepalive-script; keepalived has keepalived_script, or root without that user: script_user "
        "says");
}

}  // namespace keepalive::import
