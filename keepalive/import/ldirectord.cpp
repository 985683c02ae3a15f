// ldirectord.cf: options for all services, and services with theirs.
#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "config/values.hpp"
#include "config/words.hpp"
#include "import/import.hpp"
#include "import/ldirectord_checks.hpp"
#include "import/ldirectord_lines.hpp"
#include "import/ldirectord_reals.hpp"
#include "import/network.hpp"
#include "import/servers.hpp"
#include "import/site.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

using Key = std::string_view;

/// Options for all services on their way.
struct General : Desk {
  Common common = {};
};

/// A virtual service on its way.
struct Virtual : Desk {
  const Node& node;
  Section& pool;
  Common common = {};
  Look look = {};
  std::vector<const Node*> reals = {};
  const Node* command = nullptr;  // checkcommand
  const Node* mask = nullptr;     // netmask
  const Node* ops = nullptr;
  std::string port = "";
  std::map<std::tuple<std::string, std::string, std::string>, std::string> looks = {};
};

std::string unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return std::string{quoted ? text.substr(1, text.size() - 2) : text};
}

/// ldirectord refuses files with other words.
bool is_yes(Desk& desk, const Node& node) {
  const std::string word = unquoted(node.word(1));
  if (word != "yes" && word != "no") desk.lose(node, "wants yes or no: no is what becomes of it");
  return word == "yes";
}

template <class Self, const Node* Common::*member>
void keep_common(Self& self, const Node& node, Key) {
  self.common.*member = &node;
  self.took();
}

template <std::string Look::*member>
void look(Virtual& self, const Node& node, Key) {
  self.look.*member = unquoted(node.word(1));
  self.took();
}

void mail(Desk& desk, const Node& node, Key key) {
  const std::string address = unquoted(node.word(1));
  if (address.find('@') == std::string::npos)
    return desk.lose(node, fmt::format("is no whole mail address: {} = {}@its.domain", key, shown(address)));
  desk.set(node, key, written(address));
}

void mail_server(General& self, const Node& node, Key key) {
  if (unquoted(node.word(1)).empty()) return self.lose(node, "wants a host");
  self.set(node, key, written("smtp://" + unquoted(node.word(1))));
  self.say(node, Verdict::differs, "a mail server that offers TLS gets it, and its certificate must be valid");
}

void clean_stop(General& self, const Node& node, Key key) {
  self.set(node, key, is_yes(self, node) ? "remove" : "keep");
}

void read_quiescent(General& self, const Node& node, Key) {
  self.say(node, Verdict::differs,
           "what is taken out of the table by hand comes back: drift_interval, or keepalivectl disable");
}

constexpr Row<General> general_rows[] = {
    {"checktimeout", "", keep_common<General, &Common::check_timeout>},
    {"negotiatetimeout", "", keep_common<General, &Common::negotiate_timeout>},
    {"checkinterval", "", keep_common<General, &Common::interval>},
    {"failurecount", "", keep_common<General, &Common::failures>},
    {"checkcount", "", keep_common<General, &Common::count>},
    {"quiescent", "", keep_common<General, &Common::quiescent>},
    {"fallback", "", keep_common<General, &Common::fallback>},
    {"fallbackcommand", "", keep_common<General, &Common::fallback_command>},
    {"emailalert", "mail_to", by<General, mail>},
    {"emailalertfrom", "mail_from", by<General, mail>},
    {"emailalertfreq", "mail_repeat", by<General, take_time>},
    {"smtp", "mail_server", mail_server},
    {"cleanstop", "at_stop", clean_stop},
    {"readdquiescent", "", read_quiescent},
};

constexpr Said said_generally[] = {
    {"autoreload", Verdict::lost, "keepalivectl reload, which a path unit of systemd can run"},
    {"callback", Verdict::lost, "whoever changes the file copies it"},
    {"logfile", Verdict::lost, "the journal has the log: --log"},
    {"emailalertstatus", Verdict::lost, "alerts are sent in every state of the daemon"},
    {"execute", Verdict::lost, "import that file by itself: --instance NAME runs it beside"},
    {"supervised", Verdict::same, "it stays in the foreground, always"},
    {"fork", Verdict::same, "all servers are probed at once, always"},
    {"maintenancedir", Verdict::lost, "keepalivectl drain and disable take servers out"},
    {"fallback6", Verdict::lost, "write it into the services of IPv6"},
};

// ---- Services

void scheduler(Virtual& self, const Node& node, Key key) {
  const auto words = plain_words(node.word(1)).value_or(std::vector<std::string>{});
  if (words.empty() || !config::stands_in(config::schedulers, words.front()))
    return self.lose(node, "is no scheduler: wrr is ldirectord's default");
  self.section.set(key, words.front());
  self.took();
  for (std::size_t i = 1; i < words.size(); ++i)
    if (words[i] != "-b")
      self.lose(node, fmt::format("scheduler_flags = {}, if the scheduler has it", shown(words[i])));
}

void netmask(Virtual& self, const Node& node, Key key) {
  self.mask = &node;
  self.set(node, key, written(unquoted(node.word(1))));
}

void protocol(Virtual& self, const Node& node, Key key) {
  const std::string& word = node.word(1);
  if (word == "fwm") return self.took();
  if (word != "tcp" && word != "udp") return self.lose(node, "wants tcp, udp or fwm");
  self.section.set(key, word);
  self.took();
}

void one_packet(Virtual& self, const Node& node, Key key) {
  self.ops = &node;
  self.set(node, key, is_yes(self, node) ? "yes" : "no");
}

void check_type(Virtual& self, const Node& node, Key) {
  constexpr std::string_view known[] = {"negotiate", "connect", "ping", "off", "on", "external", "external-perl"};
  const std::string word = unquoted(node.word(1));
  if (std::find(std::begin(known), std::end(known), word) == std::end(known) && !config::read_number(word, 1, 1000000))
    return self.lose(node, "is no checktype: negotiate is what becomes of it");
  self.look.type = word;
  self.took();
}

void method(Virtual& self, const Node& node, Key) {
  std::string word = unquoted(node.word(1));
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::toupper(c); });
  if (word != "GET" && word != "HEAD") return self.lose(node, "wants GET or HEAD: GET is what becomes of it");
  self.look.method = word;
  self.took();
}

void own_interval(Virtual& self, const Node& node, Key) {
  self.common.interval = &node;
  self.say(node, Verdict::differs, "ldirectord heeds it only with fork = yes");
}

void command(Virtual& self, const Node& node, Key) {
  self.command = &node;
  self.look.command = unquoted(node.word(1));
  self.took();
}

void real(Virtual& self, const Node& node, Key) { self.reals.push_back(&node); }

constexpr Row<Virtual> virtual_rows[] = {
    {"real", "", real},
    {"real6", "", real},
    {"checktype", "", check_type},
    {"service", "", look<&Look::service>},
    {"checkport", "", look<&Look::port>},
    {"checkcommand", "", command},
    {"request", "", look<&Look::request>},
    {"receive", "", look<&Look::receive>},
    {"httpmethod", "", method},
    {"virtualhost", "", look<&Look::host>},
    {"login", "", look<&Look::login>},
    {"passwd", "", look<&Look::password>},
    {"scheduler", "scheduler", scheduler},
    {"persistent", "persistence", by<Virtual, take_time>},
    {"netmask", "persistence_mask", netmask},
    {"protocol", "protocol", protocol},
    {"ops", "one_packet", one_packet},
    {"checktimeout", "", keep_common<Virtual, &Common::check_timeout>},
    {"negotiatetimeout", "", keep_common<Virtual, &Common::negotiate_timeout>},
    {"checkinterval", "", own_interval},
    {"failurecount", "", keep_common<Virtual, &Common::failures>},
    {"checkcount", "", keep_common<Virtual, &Common::count>},
    {"quiescent", "", keep_common<Virtual, &Common::quiescent>},
    {"fallback", "", keep_common<Virtual, &Common::fallback>},
    {"fallback6", "", keep_common<Virtual, &Common::fallback>},
    {"fallbackcommand", "", keep_common<Virtual, &Common::fallback_command>},
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
std::string look_at(Virtual& self, Desk& desk, const Node& node, const Look& look, const std::string& address,
                    const std::string& port) {
  if (look.type.starts_with("external")) return take_look(desk, node, look, self.common, address, port);
  const auto [known, fresh] = self.looks.try_emplace({look.request, look.receive, look.port});
  if (fresh) known->second = take_look(desk, node, look, self.common, address, port);
  return known->second;
}

void take_real(Virtual& self, const Node& node, std::vector<Server>& servers) {
  const std::string& value = node.word(1);
  const std::size_t gap = std::min(value.find_first_of(" \t"), value.size());
  Section comments{"pool", ""};
  Desk desk{self.site, comments};
  const auto place = read_virtual_place(std::string_view{value}.substr(0, gap));
  const auto addresses = place ? all_between(*place) : std::vector<std::string>{};
  if (addresses.empty()) return Desk{self.site, self.pool}.lose(node, names_differ);
  if (addresses.size() > most_servers)
    return Desk{self.site, self.pool}.lose(node, fmt::format("{} servers at most in one line", most_servers));
  const RealLine real = read_real(desk, node, std::string_view{value}.substr(gap));
  const std::string forward = real.forward.empty() ? "dr" : real.forward;
  const std::string port = forward != "nat" && !self.port.empty() ? self.port : place->port;
  Look look = self.look;
  if (real.talk) std::tie(look.request, look.receive) = *real.talk;
  if (look.port.empty() && place->port != port) look.port = place->port == "0" ? "" : place->port;
  for (const std::string& address : addresses) {
    Server one{.place = place_of(address, port), .address = address, .options = real.options, .weight = real.weight};
    if (self.look.type == "off") one.weight = 0;
    if (one.weight != 1) one.options += fmt::format(" weight={}", one.weight);
    one.options += " forward=" + forward;
    if (const std::string check = look_at(self, desk, node, look, address, port); !check.empty()) one.checks = {check};
    one.comments = comments.take_comments();
    const bool twice =
        std::any_of(servers.begin(), servers.end(), [&](const Server& other) { return other.place == one.place; });
    if (twice)
      Desk{self.site, self.pool}.lose(node, fmt::format("{} stands here twice", one.place));
    else
      servers.push_back(std::move(one));
    self.took();
  }
}

void take_fallback(Virtual& self, const std::vector<Server>& servers) {
  const Node* const node = self.common.fallback;
  if (node == nullptr) return;
  Desk desk{self.site, self.pool};
  const auto words = plain_words(node->word(1)).value_or(std::vector<std::string>{});
  const auto place = words.empty() ? std::nullopt : read_virtual_place(words.front());
  if (!place || !place->last.empty()) return desk.lose(*node, names_differ);
  const std::string forward = words.size() > 1 ? forward_of(words[1]) : "dr";
  if (forward.empty()) return desk.lose(*node, "wants gate, masq or ipip behind it");
  const std::string port = (forward != "nat" || place->port.empty()) && !self.port.empty() ? self.port : place->port;
  const std::string sorry = place_of(place->first, port);
  const bool other_family =
      (place->first.find(':') == std::string::npos) != (servers.front().address.find(':') == std::string::npos);
  if (other_family) return desk.lose(*node, "is of the other address family than this service");
  if (std::any_of(servers.begin(), servers.end(), [&](const Server& one) { return one.place == sorry; }))
    return desk.lose(*node, "is one of the servers, which a sorry server here is not");
  self.pool.set("sorry_server", fmt::format("{} forward={}", sorry, forward));
  if (port != place->port && !place->port.empty())
    desk.say(*node, Verdict::same, "only masq changes ports: its port is the service's");
}

void take_fallback_command(Virtual& self) {
  const Node* const node = self.common.fallback_command;
  if (node == nullptr) return;
  Desk desk{self.site, self.pool};
  const auto words = plain_words(unquoted(node->word(1)));
  if (!words || words->empty() || !words->front().starts_with('/'))
    return desk.lose(*node, "wants a program by its whole path");
  self.site.programs = true;
  for (const auto& [key, word] : {std::pair{"on_quorum_down", "start"}, {"on_quorum_up", "stop"}}) {
    auto line = *words;
    line.insert(line.end(),
                {word, self.node.word(1), self.section.has("protocol") ? self.section.value("protocol") : "fwm"});
    if (const auto text = written(line)) self.pool.set(key, *text);
  }
}

/// Where it listens; false: it cannot be said.
bool take_place(Virtual& self) {
  const std::string& value = self.node.word(1);
  if (config::read_number(value, 1, 0xffffffff)) {
    self.section.set("fwmark", value);
    if (self.node.word(0) == "virtual6") self.section.set("family", "ipv6");
    self.look.service = "none";
    self.look.virtual_address = value;
    self.look.virtual_port = "0";
    return true;
  }
  const auto place = read_virtual_place(value);
  if (!place || !place->last.empty()) return self.lose(self.node, names_differ), false;
  self.port = place->port == "0" ? "" : place->port;
  self.section.set("address", place_of(place->first, place->port));
  self.section.set("protocol", place->port == "53" ? "udp" : "tcp");
  self.look.virtual_address = place->first;
  self.look.virtual_port = place->port;
  return true;
}

std::string wished_name(const Node& node) {
  const auto named = std::find_if(node.children.begin(), node.children.end(),
                                  [](const Node& one) { return one.words.front() == "servicename"; });
  if (named != node.children.end() && !named->word(1).empty()) return unquoted(named->word(1));
  const bool mark = config::read_number(node.word(1), 1, 0xffffffff).has_value();
  return mark ? "fwmark-" + node.word(1) : node.word(1);
}

void write_pool(Virtual& self, std::vector<Server>& servers) {
  const bool quiescent = self.common.quiescent != nullptr && is_yes(self, *self.common.quiescent);  // its page says yes
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
  self.section.set("forward", forward);
  if (quiescent) self.pool.set("on_failure", "quiesce");
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

void take_virtual(Site& site, const Node& node, const Common& common) {
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
  std::vector<Server> servers;
  for (const Node* const one : self.reals) take_real(self, *one, servers);
  self.section.set("pool", pool.name());
  if (servers.empty()) return leave_out(self, self.pool, node, no_servers);
  write_pool(self, servers);
  take_fallback(self, servers);
  take_fallback_command(self);
}

/// Without smtp= ldirectord gives its mail to this machine's sendmail.
void mail_by_default(General& self, const std::vector<const Node*>& nodes) {
  if (!self.section.has("mail_to") || self.section.has("mail_server")) return;
  self.section.set("mail_server", "smtp://localhost");
  for (const Node* const node : nodes)
    if (node->words.front() == "emailalert")
      self.say(*node, Verdict::differs, "mail goes by SMTP to this machine, not by its sendmail");
}

}  // namespace

Outcome import_ldirectord(const std::string& path, const FileReader& files) {
  const auto text = files.read_source(path);
  if (!text) return tl::unexpected{base::Diagnostic{base::Position{path}, "cannot be read: " + text.error(), ""}};
  const std::vector<Node> all = read_ldirectord(path, *text);
  Site site{files, base::folder_of(path)};
  site.out.section("", "head")
      .comment(fmt::format("From {}, ldirectord's. What is not quite the same stands beside its place.", path));
  General general{{site, site.global()}};
  const auto nodes = counting(general, all);
  site.no_keyword = "no keyword of ldirectord(8) here; what belongs to a virtual= begins with four blanks or a tab";
  for (const Node* const node : nodes)
    if (!node->block) take_node<General>(general, *node, general_rows, said_generally);
  site.no_keyword = "no keyword of ldirectord(8) here";
  for (const Node* const node : nodes)
    if (node->block) take_virtual(site, *node, general.common);
  mail_by_default(general, nodes);
  finish_globals(site);
  return Imported{site.out.print(), std::move(site.remarks), site.taken};
}

}  // namespace keepalive::import
