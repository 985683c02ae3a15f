#include "import/ldirectord_checks.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "config/regex.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"
#include "import/probing.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

/// A service of ldirectord: what it is of ours, by which port it is known, and what to say of it.
struct Protocol {
  std::string_view word;
  std::string_view type;  // empty: servers are not looked at
  std::string_view security;
  std::string_view port;
  std::string_view differs;
};
constexpr std::string_view connects = "only a connection is tried: a [check NAME] of type script could ask more";
constexpr Protocol protocols[] = {
    {"http", "http", "", "80", ""},
    {"https", "https", "", "443", ""},
    {"http_proxy", "tcp", "", "3128", connects},
    {"ftp", "ftp", "", "21", ""},
    {"smtp", "smtp", "", "25", ""},
    {"submission", "smtp", "", "587", ""},
    {"dns", "dns", "", "53", ""},
    {"pop", "pop3", "", "110", ""},
    {"pops", "pop3", "tls", "995", ""},
    {"imap", "imap", "", "143", ""},
    {"imaps", "imap", "tls", "993", ""},
    {"ldap", "ldap", "", "389", ""},
    {"ldaps", "ldap", "tls", "636", ""},
    {"nntp", "tcp", "", "119", connects},
    {"mysql", "tcp", "", "3306", connects},
    {"pgsql", "tcp", "", "5432", connects},
    {"oracle", "tcp", "", "1521", connects},
    {"radius", "ping", "", "1812", "only a ping is sent: a [check NAME] of type script could ask more"},
    {"sip", "tcp", "", "5060", "Via, Call-ID and tag are the same in every probe"},
    {"simpletcp", "tcp", "", "", ""},
    {"none", "", "", "", ""},
};

const Protocol& protocol_named(std::string_view word) {
  const auto found =
      std::find_if(std::begin(protocols), std::end(protocols), [&](const Protocol& one) { return one.word == word; });
  return found == std::end(protocols) ? *std::prev(std::end(protocols)) : *found;
}

const Protocol& protocol_of(Desk& desk, const Node& node, const Look& look) {
  const Protocol* none = nullptr;
  for (const Protocol& one : protocols) {
    if (one.word == "none") none = &one;
    if (look.service.empty() ? !one.port.empty() && one.port == look.virtual_port : one.word == look.service)
      return one;
  }
  if (!look.service.empty())
    desk.lose(node, fmt::format("no service is called {}: its servers are not looked at", look.service));
  return *none;
}

void say_text(Desk& desk, const Node& node, Section& keys, std::string_view key,
              const std::optional<std::string>& value) {
  if (value)
    keys.set(key, *value);
  else
    desk.lose(node, fmt::format("{}: control characters, quotes and ${{ have no way into a value here", key));
}

/// "http://host/path" into both; a path else.
void take_request(Desk& desk, const Node& node, Section& keys, const std::string& request) {
  constexpr std::string_view scheme = "http://";
  std::string path = request.empty() ? "/" : request;
  if (path.starts_with(scheme)) {
    const std::size_t slash = std::min(path.find('/', scheme.size()), path.size());
    say_text(desk, node, keys, "host", written(path.substr(scheme.size(), slash - scheme.size())));
    path = path.substr(slash);
  }
  if (path.find_first_of(" \t\"") != std::string::npos)
    return desk.lose(node, "request: write %20 for a blank, %22 for a quote");
  say_text(desk, node, keys, "url", written(path.starts_with('/') ? path : "/" + path));
}

void take_web(Desk& desk, const Node& node, Section& keys, const Look& look) {
  take_request(desk, node, keys, look.request);
  if (!look.host.empty()) say_text(desk, node, keys, "host", written(look.host));
  if (keys.value("type") == "https") keys.set("verify", "no");
  if (look.method == "HEAD") keys.set("method", "HEAD");
  if (look.receive.empty()) return;
  if (look.method == "HEAD") return desk.lose(node, "receive: HEAD gets no body");
  if (const std::string fault = config::regex_fault(look.receive); !fault.empty())
    return desk.lose(node, "receive: " + fault);
  say_text(desk, node, keys, "body", written(look.receive));
}

/// "\n" is a line's end, and nothing else is special.
std::string plain_request(std::string text) {
  for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at + 1))
    text.replace(at, 2, "\n");
  return text;
}

/// By the protocol of the service, as ldirectord asks; silence is a failure.
void take_transport(Section& keys, const Look& look) {
  if (!look.udp) return;
  keys.set("type", "udp");
  keys.set("reply", "yes");
}

void take_talk(Desk& desk, const Node& node, Section& keys, const Look& look) {
  take_transport(keys, look);
  if (!look.request.empty()) keys.set("send", config::print_escaped(plain_request(look.request)));
  if (look.receive.empty()) return;
  if (const std::string fault = config::regex_fault(look.receive); !fault.empty())
    return desk.lose(node, "receive: " + fault);
  keys.set("expect", config::print_escaped(look.receive));
}

/// OPTIONS of RFC 3261; `rport` has the answer come back to where the question came from.
void take_sip(Desk&, const Node&, Section& keys, const Look& look) {
  take_transport(keys, look);
  const std::string who = look.login.empty() ? "l4check@localhost" : look.login;
  keys.set("send", config::print_escaped(fmt::format("OPTIONS sip:{0} SIP/2.0\r\n"
                                                     "Via: SIP/2.0/{1} localhost;branch=z9hG4bKkeepalive;rport\r\n"
                                                     "Max-Forwards: 70\r\n"
                                                     "To: <sip:{0}>\r\n"
                                                     "From: <sip:{0}>;tag=keepalive\r\n"
                                                     "Call-ID: keepalive@localhost\r\n"
                                                     "CSeq: 1 OPTIONS\r\n"
                                                     "Contact: <sip:{0}>\r\n"
                                                     "Accept: application/sdp\r\n"
                                                     "Content-Length: 0\r\n\r\n",
                                                     who, look.udp ? "UDP" : "TCP")));
  keys.set("expect", config::print_escaped("^SIP/2\\.0 200"));
}

/// The search's base; that it is there is what is looked at.
void take_base(Desk& desk, const Node& node, Section& keys, const Look& look) {
  const std::string_view base = std::string_view{look.request}.substr(look.request.starts_with('/') ? 1 : 0);
  if (!base.empty()) say_text(desk, node, keys, "base", written(base));
  if (!look.receive.empty()) desk.say(node, Verdict::differs, "receive: the base must be there, whatever it holds");
}

void take_name(Desk& desk, const Node& node, Section& keys, const Look& look) {
  if (look.request.empty()) return;
  std::string_view name = look.request;
  if (name.starts_with('/')) name.remove_prefix(1);
  const bool address = ipvs::Address::parse(name).has_value();
  if (address)
    return desk.lose(node, "request: the name of a PTR record is written backwards: query = 11.0.0.10.in-addr.arpa");
  say_text(desk, node, keys, "query", written(name));
  keys.set("record_type", "A");
  const bool plain = ipvs::Address::parse(look.receive).has_value();
  if (plain) keys.set("expect", look.receive);
  if (!plain && !look.receive.empty()) desk.lose(node, "receive: an answer holds an address, no regular expression");
}

struct Talk {
  std::string_view word;  // a service of ldirectord
  void (*take)(Desk& desk, const Node& node, Section& keys, const Look& look);
};
constexpr Talk talks[] = {{"http", take_web},       {"https", take_web}, {"dns", take_name},  {"ldap", take_base},
                          {"simpletcp", take_talk}, {"sip", take_sip},   {"ldaps", take_base}};

/// A name to log in with, and a password, which here stands in a file.
void take_login(Desk& desk, const Node& node, const Look& look, const Protocol& protocol) {
  const bool sips = protocol.word == "sip" && look.password.empty();
  if ((look.login.empty() && look.password.empty()) || sips) return;
  if (config::applies(*config::find_key("check", "login"), protocol.type))
    desk.lose(node, "login and passwd: login = NAME and password = file:PATH, of mode 0600, in the check");
  else
    desk.lose(node, fmt::format("login and passwd: a check of type {} logs in nowhere", protocol.type));
}

void take_negotiate(Desk& desk, const Node& node, Section& keys, const Look& look, const Protocol& protocol) {
  keys.set("type", std::string{protocol.type});
  if (!protocol.security.empty()) {
    keys.set("security", std::string{protocol.security});
    keys.set("verify", "no");
  }
  if (!protocol.differs.empty()) desk.say(node, Verdict::differs, protocol.differs);
  take_login(desk, node, look, protocol);
  for (const Talk& talk : talks)
    if (talk.word == protocol.word) return talk.take(desk, node, keys, look);
  if (!look.request.empty() || !look.receive.empty())
    desk.lose(node, fmt::format("request and receive: a check of type {} asks what it always asks", protocol.type));
}

void take_external(Desk& desk, const Node& node, Section& keys, const Look& look, const std::string& address,
                   const std::string& port) {
  auto words = plain_words(look.command);
  if (!words || words->empty() || !words->front().starts_with('/'))
    return desk.lose(node, "checkcommand: a program by its whole path");
  words->insert(words->end(), {look.virtual_address, look.virtual_port, address, port});
  desk.site.programs = true;
  if (look.type == "external-perl")
    desk.say(node, Verdict::differs,
             "checkcommand: it is executed, and so begins with #!/usr/bin/perl and is executable");
  keys.set("type", "script");
  say_text(desk, node, keys, "command", written(*words));
}

bool combined(const Look& look) { return look.type.find_first_not_of("0123456789") == std::string::npos; }

void take_kind(Desk& desk, const Node& node, Section& keys, const Look& look, const std::string& address,
               const std::string& port) {
  if (look.type.starts_with("external")) return take_external(desk, node, keys, look, address, port);
  if (look.type == "ping" || (look.type == "connect" && look.udp)) return keys.set("type", "ping");
  if (look.type == "connect") return keys.set("type", "tcp");
  if (combined(look)) desk.say(node, Verdict::differs, "each probe asks: there are no mere connections between");
  const Protocol& protocol = protocol_of(desk, node, look);
  if (protocol.type.empty()) return desk.say(node, Verdict::same, "service = none: its servers are not looked at");
  take_negotiate(desk, node, keys, look, protocol);
}

/// failurecount, each of them checkcount pings.
std::uint64_t fall_of(Desk& desk, const Look& look, const Common& common) {
  const config::Key& ours = *config::find_key("check", "fall");
  std::uint64_t fall = 1;
  for (const Node* const node : {common.failures, look.type == "ping" ? common.count : nullptr}) {
    if (node == nullptr) continue;
    const auto number = config::read_number(node->word(1), 1, ours.high);
    if (number && fall * *number <= ours.high)
      fall *= *number;
    else
      desk.lose(*node, fmt::format("wants a number from 1 to {}", ours.high));
  }
  if (look.type != "ping" && common.count != nullptr)
    desk.say(*common.count, Verdict::same, "only checktype = ping has it");
  return fall;
}

void take_pace(Desk& desk, Section& keys, const Look& look, const Common& common) {
  const bool negotiates = look.type == "negotiate" || combined(look);
  const Node* const own = negotiates ? common.negotiate_timeout : common.check_timeout;
  const Node* const other = negotiates ? common.check_timeout : common.negotiate_timeout;
  Section scratch{"check", ""};
  Desk pace{desk.site, scratch};
  const Node* const timeout = own != nullptr ? own : other;
  keys.set("interval", "10s");
  keys.set("timeout", negotiates ? "30s" : "5s");
  keys.set("fall", "1");
  for (const auto& [node, key] : {std::pair{timeout, "timeout"}, {common.interval, "interval"}}) {
    if (node == nullptr) continue;
    take_time(pace, *node, key);
    if (scratch.has(key)) keys.set(key, scratch.value(key));
  }
  keys.set("fall", std::to_string(fall_of(pace, look, common)));
  for (const std::string& text : scratch.take_comments()) desk.section.comment(text);
}

}  // namespace

std::string take_look(Desk& desk, const Node& node, const Look& look, const Common& common,
                      const std::string& server_address, const std::string& server_port) {
  if (look.type == "on" || look.type == "off") return "";
  Section keys{"check", ""};
  take_kind(desk, node, keys, look, server_address, server_port);
  if (!keys.has("type")) return "";
  take_pace(desk, keys, look, common);
  const bool applies = config::applies(*config::find_key("check", "port"), keys.value("type"));
  if (!look.port.empty() && !(config::read_number(look.port, 1, 65535)))
    desk.lose(node, "checkport: wants a port");
  else if (!look.port.empty() && applies)
    keys.set("port", look.port);
  if (!applies || keys.has("port") || config::read_number(server_port, 1, 65535)) return check_name(desk.site, keys);
  const std::string_view usual = protocol_named(look.service).port;
  if (usual.empty()) return desk.lose(node, "its servers are not looked at: checkport says at which port"), "";
  keys.set("port", std::string{usual});
  return check_name(desk.site, keys);
}

}  // namespace keepalive::import
