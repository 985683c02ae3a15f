#include "import/ldirectord_checks.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <iterator>
#include <utility>

#include "config/regex.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"
#include "import/ldirectord_lines.hpp"
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
    {"nntp", "tcp", "", "119", ""},
    {"mysql", "tcp", "", "3306", connects},
    {"pgsql", "tcp", "", "5432", connects},
    {"oracle", "tcp", "", "1521", connects},
    {"radius", "ping", "", "1812", "only a ping is sent: a [check NAME] of type script could ask more"},
    {"sip", "tcp", "", "5060", "Via, Call-ID and tag are the same in every probe"},
    {"simpletcp", "tcp", "", "", ""},
    {"none", "", "", "", ""},
};

/// By its name, or else by the service's port; null: no service has that name.
const Protocol* protocol_of(const Look& look) {
  const auto* const found = std::find_if(std::begin(protocols), std::end(protocols), [&](const Protocol& one) {
    return look.service.empty() ? one.word == "none" || (!one.port.empty() && one.port == look.virtual_port)
                                : one.word == look.service;
  });
  return found == std::end(protocols) ? nullptr : found;
}

void say_text(Desk& desk, const Node& node, Section& keys, std::string_view key,
              const std::optional<std::string>& value) {
  if (value)
    keys.set(key, *value);
  else
    desk.lose(node, fmt::format("{}: control characters, quotes and ${{ have no way into a value here", key));
}

/// With %XX for what no URL holds, as ldirectord has it.
std::string path_of(std::string_view text) {
  constexpr std::string_view fit = ";/?:@&=+$,[]-_.!~*'()%#";
  std::string path;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || fit.find(c) != std::string_view::npos;
    path += plain ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path;
}

/// "http://host/path" into both; a path else.
void take_request(Desk& desk, const Node& node, Section& keys, std::string_view request) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!request.starts_with(scheme)) continue;
    request.remove_prefix(scheme.size());
    const std::size_t slash = std::min(request.find('/'), request.size());
    say_text(desk, node, keys, "host", written(request.substr(0, slash)));
    desk.say(node, Verdict::differs, "request: the server itself is asked, with that host's name");
    request.remove_prefix(slash);
  }
  keys.set("url", path_of(request.starts_with('/') ? request : fmt::format("/{}", request)));
}

/// The same regex without what a value cannot hold: quotes, and `${`.
std::string fit_regex(std::string_view regex) {
  std::string text;
  for (std::size_t i = 0; i < regex.size(); ++i) {
    const bool escapes = regex[i] == '\\' && i + 1 < regex.size();
    const std::string_view part = regex.substr(i, escapes ? 2 : 1);
    if (part.back() == '"')
      text += "\\x22";
    else if (part == "{" && text.ends_with('$'))
      text += "\\{";
    else
      text += part;
    i += escapes ? 1 : 0;
  }
  return text;
}

void take_web(Desk& desk, const Node& node, Section& keys, const Look& look) {
  take_request(desk, node, keys, look.request);
  if (!look.host.empty()) say_text(desk, node, keys, "host", written(look.host));
  if (keys.value("type") == "https") keys.set("verify", "no");
  keys.set("follow", "yes");
  if (look.method == "HEAD") keys.set("method", "HEAD");
  if (look.receive.empty()) return;
  if (look.method == "HEAD") return desk.lose(node, "receive: HEAD gets no body");
  if (const std::string fault = config::regex_fault(look.receive); !fault.empty())
    return desk.lose(node, "receive: " + fault);
  say_text(desk, node, keys, "body", written(fit_regex(look.receive)));
}

/// ldirectord puts a slash before what is no path, too, and takes it away again.
std::string bare_request(const Look& look) { return look.request.substr(look.request.starts_with('/') ? 1 : 0); }

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
  const std::string request = plain_request(bare_request(look));
  if (!request.empty()) keys.set("send", config::print_escaped(request));
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
  const std::string base = bare_request(look);
  if (!base.empty()) say_text(desk, node, keys, "base", written(base));
  if (!look.receive.empty()) desk.say(node, Verdict::differs, "receive: the base must be there, whatever it holds");
}

/// A greeting that begins with 2.
void take_greeting(Desk& desk, const Node& node, Section& keys, const Look& look) {
  keys.set("expect", "^2");
  if (!look.request.empty() || !look.receive.empty())
    desk.say(node, Verdict::same, "request and receive: ldirectord has no use for them with this service");
}

void take_file(Desk& desk, const Node& node, Section& keys, const Look& look) {
  if (!look.request.empty()) keys.set("url", path_of("/" + bare_request(look)));
  if (!look.receive.empty()) desk.say(node, Verdict::differs, "receive: the file must be there, whatever it holds");
}

/// 10.0.0.11 as 11.0.0.10.in-addr.arpa, by which its name is asked for.
std::string reverse_name(const ipvs::Address& address) {
  const bool six = address.family() == ipvs::Family::ipv6;
  std::string name = six ? "ip6.arpa" : "in-addr.arpa";
  for (const auto byte : address.bytes()) {
    const auto number = static_cast<unsigned>(byte);
    name = six ? fmt::format("{:x}.{:x}.{}", number & 15U, number >> 4U, name) : fmt::format("{}.{}", number, name);
  }
  return name;
}

/// "^www\.example\.net$" as the text that it means. Nothing: it means more than one.
std::optional<std::string> literal(std::string_view regex) {
  std::string text;
  if (regex.starts_with('^')) regex.remove_prefix(1);
  if (regex.ends_with('$')) regex.remove_suffix(1);
  for (std::size_t i = 0; i < regex.size(); ++i) {
    if (regex[i] == '\\' && i + 1 < regex.size() && regex[i + 1] == '.') ++i;
    const bool plain = std::isalnum(static_cast<unsigned char>(regex[i])) != 0;
    if (!plain && std::string_view{".-_:"}.find(regex[i]) == std::string_view::npos) return std::nullopt;
    text += regex[i];
  }
  return text;
}

void take_name(Desk& desk, const Node& node, Section& keys, const Look& look) {
  if (!look.udp) desk.say(node, Verdict::differs, "the question goes by UDP, ldirectord's by TCP");
  const std::string name = bare_request(look);
  if (name.empty()) return;
  const auto address = ipvs::Address::parse(name);
  say_text(desk, node, keys, "query", written(address ? reverse_name(*address) : name));
  keys.set("record_type", address ? "PTR" : "A");
  if (look.receive.empty()) return;
  const auto wanted = literal(look.receive);
  const bool fits = wanted && (address || ipvs::Address::parse(*wanted));
  if (fits)
    keys.set("expect", *wanted);
  else
    desk.lose(node,
              fmt::format("receive: {} is looked for, no regular expression", address ? "one name" : "one address"));
}

struct Talk {
  std::string_view word;  // a service of ldirectord
  void (*take)(Desk& desk, const Node& node, Section& keys, const Look& look);
};
constexpr Talk talks[] = {{"http", take_web},  {"https", take_web},     {"dns", take_name},
                          {"ldap", take_base}, {"ldaps", take_base},    {"simpletcp", take_talk},
                          {"sip", take_sip},   {"nntp", take_greeting}, {"ftp", take_file}};

/// A name to log in with, and a password, which here stands in a file.
void take_login(Desk& desk, const Node& node, const Look& look, const Protocol& protocol) {
  const bool used = protocol.word != "sip" || !look.password.empty();
  const bool anonymous = protocol.word == "ftp" && look.login == "anonymous";  // which is who asks here, too
  if ((look.login.empty() && look.password.empty()) || !used || anonymous) return;
  if (config::applies(*config::find_key("check", "login"), protocol.type))
    desk.lose(node, fmt::format("login and passwd: login = {} and password = file:PATH, of mode 0600, in the check",
                                look.login.empty() ? "NAME" : shown(look.login)));
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

void take_external(Desk& desk, const Node& node, Section& keys, const Look& look, const Target& target) {
  auto words = plain_words(look.command);
  if (!words || words->empty() || !words->front().starts_with('/'))
    return desk.lose(node, "checkcommand: a program by its whole path");
  const auto bracketed = [](const std::string& address) { return is_ipv6(address) ? "[" + address + "]" : address; };
  words->insert(words->end(), {bracketed(look.virtual_address), look.virtual_port, bracketed(target.address),
                               target.written_port.empty() ? "0" : target.written_port});
  desk.site.programs = true;
  if (look.type == "external-perl")
    desk.say(node, Verdict::differs,
             "checkcommand: it is executed, and so begins with #!/usr/bin/perl and is executable");
  keys.set("type", "script");
  say_text(desk, node, keys, "command", written(*words));
}

bool combined(const Look& look) { return look.type.find_first_not_of("0123456789") == std::string::npos; }
bool negotiates(const Look& look) { return look.type == "negotiate" || combined(look); }
bool pings(const Look& look) { return look.type == "ping" || (look.type == "connect" && look.udp); }

void take_kind(Desk& desk, const Node& node, Section& keys, const Look& look, const Target& target) {
  if (look.type.starts_with("external")) return take_external(desk, node, keys, look, target);
  if (pings(look)) return keys.set("type", "ping");
  if (look.type == "connect") return keys.set("type", "tcp");
  const Protocol* const protocol = protocol_of(look);
  if (protocol == nullptr)
    return desk.lose(node, fmt::format("no service is called {}: its servers are not looked at", look.service));
  if (protocol->type.empty()) return desk.say(node, Verdict::same, "service = none: its servers are not looked at");
  if (combined(look)) desk.say(node, Verdict::differs, "each probe asks: there are no mere connections between");
  take_negotiate(desk, node, keys, look, *protocol);
}

/// checktimeout ends what LDAP and RADIUS negotiate, too.
std::uint64_t timeout_of(const Look& look) {
  const Protocol* const protocol = protocol_of(look);
  const bool both = protocol != nullptr && (protocol->type == "ldap" || protocol->word == "radius");
  if (!negotiates(look)) return look.check_timeout;
  return both ? std::min(look.check_timeout, look.negotiate_timeout) : look.negotiate_timeout;
}

void take_pace(Desk& desk, const Node& node, Section& keys, const Look& look) {
  const std::uint64_t most = config::find_key("check", "fall")->high;
  const std::uint64_t fall = look.failures * (pings(look) ? look.pings : 1);
  if (fall > most)
    desk.lose(node, fmt::format("checkcount: fall is at most {}, and failurecount times checkcount is {}", most, fall));
  keys.set("interval", config::print_time(std::chrono::seconds{look.interval}));
  keys.set("timeout", config::print_time(std::chrono::seconds{timeout_of(look)}));
  keys.set("fall", std::to_string(fall > most ? look.failures : fall));
}

/// checkport, or the server's own port where packets go to another one, or that of what is asked. False: none is known.
bool take_port(Section& keys, const Look& look, const Target& target) {
  if (!config::applies(*config::find_key("check", "port"), keys.value("type"))) return true;
  const auto real_port = [](const std::string& port) { return config::read_number(port, 1, 65535).has_value(); };
  const Protocol* const protocol = protocol_of(look);
  const bool own = real_port(target.written_port);
  std::string port = !look.port.empty() ? look.port : target.written_port;
  if (look.port.empty() && !own) port = protocol == nullptr || protocol->port.empty() ? target.port : protocol->port;
  if (real_port(port) && port != target.port) keys.set("port", port);
  return real_port(port);
}

}  // namespace

std::string take_look(Desk& desk, const Node& node, const Look& look, const Target& target) {
  if (look.type == "on" || look.type == "off") return "";
  Section keys{"check", ""};
  take_kind(desk, node, keys, look, target);
  if (!keys.has("type")) return "";
  take_pace(desk, node, keys, look);
  if (take_port(keys, look, target)) return check_name(desk.site, keys);
  desk.lose(node, "its servers are not looked at: checkport says at which port");
  return "";
}

}  // namespace keepalive::import
