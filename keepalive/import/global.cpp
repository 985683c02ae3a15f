// global_defs, and what counts for all instances at the top of the file.
#include <array>
#include <cstdlib>
#include <string>

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

/// A default that instances are given, each by itself.
template <std::string Defaults::*member>
void keep_time(Globals& self, const Node& node, Key) {
  const auto time = time_of(node.word(1));
  if (!time) return self.lose(node, "wants seconds");
  self.site.defaults.*member = *time;
  self.took();
}
template <std::string Defaults::*member>
void keep_word(Globals& self, const Node& node, Key) {
  if (!config::read_number(node.word(1), 0, 1000)) return self.lose(node, "wants a number");
  self.site.defaults.*member = node.word(1);
  self.took();
}
template <bool Defaults::*member>
void keep_flag(Globals& self, const Node& node, Key) {
  const auto on = truth(node);
  if (!on) return self.lose(node, "wants on or off");
  self.site.defaults.*member = *on;
  self.took();
}

void script_user(Globals& self, const Node& node, Key key) {
  take_text(self, node, key);
  self.site.defaults.script_user = node.word(1);
  if (!node.word(2).empty()) self.say(node, Verdict::differs, "the group is the user's own");
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
    const auto time = time_of(node.word(i + 1));
    if (name == names.end() || !time) return desk.lose(node, "wants tcp, tcpfin or udp, and seconds behind it");
    if (*time != "0") desk.set(node, name->second, time);
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

/// lvs_sync_daemon INTERFACE [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]
void sync(Globals& self, const Node& node, Key) {
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
      section.set(option->second, written(node.word(++i)).value_or(""));
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
    {"vrrp_version", "", keep_word<&Defaults::version>},
    {"vrrp_garp_master_delay", "", keep_time<&Defaults::garp_delay>},
    {"vrrp_garp_master_repeat", "", keep_word<&Defaults::garp_repeat>},
    {"vrrp_garp_master_refresh", "", keep_time<&Defaults::garp_refresh>},
    {"vrrp_garp_interval", "", keep_time<&Defaults::garp_gap>},
    {"vrrp_min_garp", "", keep_flag<&Defaults::min_garp>},
    {"vrrp_down_timer_adverts", "", keep_word<&Defaults::down_after>},
    {"vrrp_startup_delay", "", keep_time<&Defaults::start_delay>},
    {"vrrp_strict", "", keep_flag<&Defaults::strict>},
    {"vrrp_rt_priority", "realtime", by<Globals, take_number>},
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
  for (const Node* const one : counting(desk, node.children)) {
    const auto down = time_of(one->word(1));
    const auto up = one->word(2).empty() ? down : time_of(one->word(2));
    if (!down || !up)
      desk.lose(*one, "wants an interface, and seconds");
    else
      desk.site.delays[one->words.front()] = {*down, *up};
  }
  desk.took();
}

/// garp_group { interface eth0  garp_interval 0.5 }
void gaps(Desk& desk, const Node& node) {
  std::string gap;
  std::vector<std::string> interfaces;
  for (const Node* const one : counting(desk, node.children)) {
    if (one->words.front() == "garp_interval")
      gap = time_of(one->word(1)).value_or("");
    else if (one->words.front() == "interface" && one->arguments() == 1)
      interfaces.push_back(one->word(1));
    else
      desk.lose(*one,
                "the gap between announcements is one for each interface, and one for IPv4 and IPv6: announce_gap");
  }
  for (const std::string& interface : interfaces) desk.site.gaps[interface] = gap;
  desk.took();
}

/// Addresses, routes and rules that stay where they are.
void statics(Desk& desk, const Node& node) {
  const bool address = node.words.front() == "static_ipaddress";
  const std::string_view command = address                                 ? "ip address add"
                                   : node.words.front() == "static_routes" ? "ip route add"
                                                                           : "ip rule add";
  desk.lose(node, "what does not move is the network's configuration (interfaces(5), systemd.network(5))");
  for (const Node* const one : counting(desk, node.children))
    desk.lose(*one, fmt::format("by hand: {} {}", command, one->text));
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
  Section& global = site.global();
  if (global.has("mail_server") != global.has("mail_to")) {
    for (const std::string_view key : {"mail_server", "mail_to", "mail_from"}) {
      if (!global.has(key)) continue;
      global.comment(fmt::format("mail_server and mail_to go together: {} = {}", key, global.value(key)));
      global.remove(key);
    }
  }
  if (!global.has("mail_server") && global.has("mail_from")) global.remove("mail_from");
  if (site.programs && !global.has("script_user"))
    global.comment(
        "Programs run as keepalive-script; keepalived has keepalived_script, or root without that user: script_user "
        "says");
}

}  // namespace keepalive::import
