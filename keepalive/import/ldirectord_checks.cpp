#include "import/ldirectord_checks.hpp"

#include <array>
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
    {"sip", "tcp", "", "5060", connects},
    {"simpletcp", "tcp", "", "", ""},
    {"none", "", "", "", ""},
};

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

void take_talk(Desk& desk, const Node& node, Section& keys, const Look& look) {
  if (!look.request.empty()) keys.set("send", config::print_escaped(plain_request(look.request)));
  if (look.receive.empty()) return;
  if (const std::string fault = config::regex_fault(look.receive); !fault.empty())
    return desk.lose(node, "receive: " + fault);
  keys.set("expect", config::print_escaped(look.receive));
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
  std::string_view type;
  void (*take)(Desk& desk, const Node& node, Section& keys, const Look& look);
};
constexpr Talk talks[] = {{"http", take_web}, {"https", take_web}, {"dns", take_name}};

void take_negotiate(Desk& desk, const Node& node, Section& keys, const Look& look, const Protocol& protocol) {
  keys.set("type", std::string{protocol.type});
  if (!protocol.security.empty()) {
    keys.set("security", std::string{protocol.security});
    keys.set("verify", "no");
  }
  if (!protocol.differs.empty()) desk.say(node, Verdict::differs, protocol.differs);
  if (look.login)
    desk.lose(node, "login and passwd: login = NAME and password = file:PATH, of mode 0600, in the check");
  if (protocol.word == "simpletcp") return take_talk(desk, node, keys, look);
  for (const Talk& talk : talks)
    if (talk.type == protocol.type) return talk.take(desk, node, keys, look);
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
  const Node* const fall = keys.value("type") == "ping" && common.failures == nullptr ? common.count : common.failures;
  for (const auto& [node, key] : {std::pair{timeout, "timeout"}, {common.interval, "interval"}, {fall, "fall"}}) {
    if (node == nullptr) continue;
    key == std::string_view{"fall"} ? take_number(pace, *node, key) : take_time(pace, *node, key);
    if (scratch.has(key)) keys.set(key, scratch.value(key));
  }
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
  if (!look.port.empty() && applies && config::read_number(look.port, 1, 65535))
    keys.set("port", look.port);
  else if (!look.port.empty() && applies)
    desk.lose(node, "checkport: wants a port");
  return check_name(desk.site, keys);
}

}  // namespace keepalive::import
