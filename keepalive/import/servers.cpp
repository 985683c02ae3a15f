#include "import/servers.hpp"

#include <array>
#include <utility>

#include "config/schema.hpp"
#include "config/values.hpp"
#include "import/network.hpp"
#include "import/vocabulary.hpp"

namespace keepalive::import {
namespace {

using Key = std::string_view;

/// A real_server on its way.
struct Real : Desk {
  Server server = {};
  Timing timing = {};
  std::optional<Way> way = {};
  std::vector<const Node*> checks = {};
  const Node* upper = nullptr;
  const Node* lower = nullptr;
};

void option(Real& self, std::string_view name, std::string_view value) {
  self.server.options += fmt::format(" {}={}", name, value);
  self.took();
}

constexpr std::uint64_t most_weight = 0x7fffffff;

void weight(Real& self, const Node& node, Key key) {
  const auto value = config::read_number(node.word(1), 0, most_weight);
  if (!value) return self.lose(node, fmt::format("wants a number from 0 to {}: 1 stands", most_weight));
  self.server.weight = *value;
  if (*value == 1) return self.took();  // the default
  option(self, key, node.word(1));
}

template <const Node* Real::*member>
void keep(Real& self, const Node& node, Key) {
  self.*member = &node;
}

/// The kernel refuses a server whose lower threshold is above the upper one, which is 0 where nothing says it.
void thresholds(Real& self) {
  const auto number = [&](const Node* node) -> std::uint64_t {
    if (node == nullptr) return 0;
    const auto value = config::read_number(node->word(1), 0, 0xffffffff);
    if (!value) self.lose(*node, "wants a number: there is no threshold");
    return value.value_or(0);
  };
  const std::uint64_t upper = number(self.upper);
  const std::uint64_t lower = number(self.lower);
  if (upper != 0) option(self, "upper", std::to_string(upper));
  if (lower != 0 && lower <= upper) option(self, "lower", std::to_string(lower));
  if (lower <= upper) return;
  self.lose(*self.lower,
            upper == 0 ? "wants uthreshold beside it: without, the kernel refuses the server that keepalived tells it"
                       : "is more than uthreshold: the kernel refuses the server that keepalived tells it");
}

void way(Real& self, const Node& node, Key) {
  self.way = read_way(self, node);
  self.took();
}

void alerts(Real& self, const Node& node, Key key) {
  const auto on = truth(node);
  if (!on) return self.lose(node, "wants on or off");
  if (*on) return self.say(node, Verdict::same, "alerts = yes is the default");
  option(self, key, "no");
}

/// A program on a server's line is in quotes, so that none of its words can be.
void program(Real& self, const Node& node, Key key) {
  const auto words = program_of(node, 1);
  bool plain = words.has_value();
  std::string line;
  for (std::size_t i = 0; plain && i < words->size(); ++i) {
    plain = !(*words)[i].empty() && (*words)[i].find_first_of(" \t") == std::string::npos;
    line += (i == 0 ? "" : " ") + (*words)[i];
  }
  if (!plain) return self.lose(node, "a server's line has no way to write it: put it into a script, and name that");
  if (!node.word(2).empty() && node.word(2) != self.site.defaults.script_user)
    self.say(node, Verdict::differs, fmt::format("does not run as {}, but as [global] script_user", node.word(2)));
  self.site.programs = true;
  option(self, key, fmt::format("\"{}\"", line));
}

void name(Real& self, const Node& node, Key key) {
  if (!base::ini::is_name(node.word(1))) return self.lose(node, "a name has letters, digits, `_', `.' and `-' only");
  option(self, key, node.word(1));
}

template <bool Server::*member>
void flag(Real& self, const Node& node, Key) {
  self.server.*member = truth(node).value_or(true);
  self.took();
}

constexpr Row<Real> server_rows[] = {
    {"weight", "weight", weight},
    {"lvs_method", "", way, 6},
    {"lb_kind", "", way, 6},
    {"uthreshold", "", keep<&Real::upper>},
    {"lthreshold", "", keep<&Real::lower>},
    {"notify_up", "on_up", program, any_number},
    {"notify_down", "on_down", program, any_number},
    {"smtp_alert", "alerts", alerts},
    {"snmp_name", "name", name},
    {"alpha", "", flag<&Server::down_first>},
    {"inhibit_on_failure", "", flag<&Server::quiesce>},
    {"virtualhost", "", keep_timing<Real, &Timing::host>},
    {"connect_timeout", "", keep_timing<Real, &Timing::timeout>},
    {"retry", "", keep_timing<Real, &Timing::retry>},
    {"delay_before_retry", "", keep_timing<Real, &Timing::wait>},
    {"warmup", "", keep_timing<Real, &Timing::warmup>},
    {"delay_loop", "", keep_timing<Real, &Timing::loop>},
};

Timing over(Timing outer, const Timing& own) {
  for (const auto member :
       {&Timing::loop, &Timing::retry, &Timing::wait, &Timing::timeout, &Timing::warmup, &Timing::log, &Timing::host})
    if (own.*member != nullptr) outer.*member = own.*member;
  return outer;
}

/// Only nat changes ports; another way with another port is no server of ours.
std::string port_of(Desk& desk, const Node& node, const std::string& port, const Frame& frame, const Way& way) {
  const std::string& forward = way.forward.empty() ? frame.way.forward : way.forward;
  if (forward == "nat" || port.empty() || (!frame.several && port == frame.port)) return port;
  desk.say(node, frame.several ? Verdict::differs : Verdict::same,
           "only nat changes ports: the server's is the service's, as for keepalived with one service");
  return frame.port;
}

/// An address, and a port behind it that need not be there.
bool good_place(const Node& node) {
  return ipvs::Address::parse(node.word(1)) && (node.word(2).empty() || config::read_number(node.word(2), 0, 65535));
}

bool tells_weight(const Node& check) {
  return check.words.front() == "FILE_CHECK" || find_child(check, "misc_dynamic") != nullptr;
}

}  // namespace

std::optional<Way> read_way(Desk& desk, const Node& node) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> methods{
      {{"NAT", "nat"}, {"DR", "dr"}, {"TUN", "tunnel"}}};
  const auto* const method =
      std::find_if(methods.begin(), methods.end(), [&](const auto& one) { return one.first == node.word(1); });
  if (method == methods.end()) return desk.lose(node, "wants NAT, DR or TUN"), std::nullopt;
  Way way{.forward = std::string{method->second}};
  for (std::size_t i = 2; i < node.words.size(); ++i) {
    const std::string& word = node.words[i];
    const std::string& next = node.word(i + 1);
    if (word == "type" && (next == "ipip" || next == "gue" || next == "gre"))
      way.tunnel = node.word(++i);
    else if (word == "port" && config::read_number(next, 1, 65535))
      way.port = node.word(++i);
    else if (word == "csum" || word == "remcsum")
      way.checksum = word == "csum" ? "yes" : "remote";
    else if (word != "nocsum")
      desk.lose(node, fmt::format("`{}' belongs to no tunnel", word));
  }
  return way;
}

std::string way_options(const Way& way) {
  std::string text;
  for (const auto& [name, value] : {std::pair{"forward", &way.forward},
                                    {"tunnel", &way.tunnel},
                                    {"tunnel_port", &way.port},
                                    {"tunnel_checksum", &way.checksum}})
    if (!value->empty()) text += fmt::format(" {}={}", name, *value);
  return text;
}

std::optional<Server> take_server(Site& site, Section& pool, const Node& node, const Frame& frame) {
  Section comments{"pool", ""};
  Real self{{site, comments}};
  say_ignored(self, node, 2, true);
  for (const Node* const one : counting(self, node.children))
    if (is_check(one->words.front()))
      self.checks.push_back(one);
    else
      take_node<Real>(self, *one, server_rows, said_of_servers());
  thresholds(self);
  const bool good = good_place(node);
  if (!good) self.lose(node, "wants an address and perhaps a port");
  const Way way = self.way.value_or(Way{});
  const std::string port = good ? port_of(self, node, node.word(2), frame, way) : "";
  Timing timing = over(frame.timing, self.timing);
  if (good && port != node.word(2)) timing.port = node.word(2);
  for (const Node* const one : self.checks) {
    self.server.dynamic = self.server.dynamic || tells_weight(*one);
    for (std::string& check : take_check(self, *one, timing)) self.server.checks.push_back(std::move(check));
  }
  if (good) self.server.place = place_of(node.word(1), port);
  self.server.address = node.word(1);
  if (way != Way{} && way != frame.way) self.server.options += way_options(way);
  self.server.comments = comments.take_comments();
  self.took();
  if (good) return std::move(self.server);
  for (const std::string& text : self.server.comments) pool.comment(text);
  return std::nullopt;
}

void leave_out(Desk& service, Section& pool, const Node& node, std::string_view why) {
  service.lose(node, why);
  service.section.clear_keys();
  pool.clear_keys();
}

std::optional<Server> take_sorry_server(Desk& pool, const Node& node, const Frame& frame, const Way& way) {
  if (!good_place(node)) return pool.lose(node, "wants an address and perhaps a port"), std::nullopt;
  Server server{.place = place_of(node.word(1), port_of(pool, node, node.word(2), frame, way)),
                .address = node.word(1)};
  if (way != Way{} && way != frame.way) server.options = way_options(way);
  pool.took();
  return server;
}

}  // namespace keepalive::import
