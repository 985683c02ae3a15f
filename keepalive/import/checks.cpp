// HTTP_GET, TCP_CHECK and the other checkers.
#include <array>
#include <string>
#include <utility>

#include "config/regex.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"
#include "config/words.hpp"
#include "import/payload.hpp"
#include "import/probing.hpp"
#include "import/site.hpp"
#include "import/text.hpp"
#include "import/vocabulary.hpp"

namespace keepalive::import {
namespace {

using Key = std::string_view;

/// A check on its way.
struct Check : Desk {
  Timing timing = {};
  std::string type = "";
  std::vector<const Node*> parts = {};  // url { … } or host { … }
  bool sni = false;
};

/// A url { … } on its way.
struct Url : Desk {
  const Node* regex = nullptr;
  const Node* options = nullptr;
  bool no_match = false;
};

void where(Check& self, const Node& node, Key key) {
  if (!config::applies(*config::find_key("check", key), self.type))
    return self.lose(node, fmt::format("a check of type {} has none", self.type));
  if (key == "address" || key == "source") {
    if (!ipvs::Address::parse(node.word(1))) return self.lose(node, "wants an address");
    return take_text(self, node, key);
  }
  return key == "interface" ? take_text(self, node, key) : take_number(self, node, key);
}

void part(Check& self, const Node& node, Key) {
  self.parts.push_back(&node);
  self.took();
}

/// The old name of retry, which only checks of the web had.
void old_retry(Check& self, const Node& node, Key key) {
  if (self.type != "http" && self.type != "https")
    return self.lose(node, "is no keyword of this check, for keepalived, too: retry is");
  keep_timing<Check, &Timing::retry>(self, node, key);
}

void version(Check& self, const Node& node, Key key) {
  const std::string& word = node.word(1);
  if (word == "1.0" || word == "1.0C" || word == "1.0c" || word == "1.1") return self.set(node, key, word.substr(0, 3));
  self.lose(node, "wants 1.0, 1.0C or 1.1");
}

void sni(Check& self, const Node&, Key) {
  self.sni = true;
  self.took();
}

void command(Check& self, const Node& node, Key key) { take_program(self, node, key); }

void dynamic(Check& self, const Node& node, Key key) {
  const auto on = truth(node);
  if (on) return self.set(node, key, *on ? "yes" : "no");
  self.lose(node, "wants on or off");
}

void user(Check& self, const Node& node, Key key) {
  take_text(self, node, key);
  if (!node.word(2).empty()) self.say(node, Verdict::differs, "the group is the user's own");
}

void record_type(Check& self, const Node& node, Key key) {
  if (!config::stands_in(config::record_types, node.word(1)))
    return self.lose(node, "is no type of record: A, AAAA, CNAME, MX, NS, PTR, SOA, SRV or TXT");
  take_text(self, node, key);
}

void payload(Check& self, const Node& node, Key key) {
  const auto bytes = read_payload(node.text.substr(node.words.front().size()));
  if (!bytes || bytes->empty()) return self.lose(node, "wants hexadecimal digits");
  self.set(node, key, config::print_escaped(plain_bytes(*bytes)));
}

void reply(Check& self, const Node& node, Key key) {
  self.set(node, "reply", "yes");
  if (node.arguments() == 0) return;
  const auto bytes = read_payload(node.text.substr(node.words.front().size()));
  if (!bytes) return self.lose(node, "wants hexadecimal digits, or X for any");
  self.set(node, key, config::print_escaped(payload_regex(*bytes)));
  self.say(node, Verdict::differs, "a shorter answer has failed, too");
}

void reply_length(Check& self, const Node& node, Key) {
  self.lose(node, "lengths are not looked at: expect = a regular expression can bound them");
}

void file(Check& self, const Node& node, Key key) {
  const auto found = self.site.tracked.find("track_file " + node.word(1));
  if (found == self.site.tracked.end()) return self.lose(node, "no track_file has this name");
  found->second.used = true;
  const Node* const path = find_child(*found->second.node, "file");
  for (const Node* const one : counting(self, found->second.node->children))
    if (one != path) self.lose(*one, "does not count for a server's weight");
  if (path == nullptr || !path->word(1).starts_with('/')) return self.lose(node, "its track_file names no whole path");
  self.set(node, key, written(path->word(1)));
  self.say(node, Verdict::differs, "the number in the file is the server's weight, not added to it");
}

void weight(Check& self, const Node& node, Key) {
  self.lose(node, "the number in the file is the server's weight as it stands");
}

constexpr Row<Check> check_rows[] = {
    {"connect_ip", "address", where},
    {"connect_port", "port", where},
    {"bindto", "source", where},
    {"bind_port", "source_port", where},
    {"bind_if", "interface", where},
    {"fwmark", "mark", where},
    {"connect_timeout", "", keep_timing<Check, &Timing::timeout>},
    {"misc_timeout", "", keep_timing<Check, &Timing::timeout>},
    {"retry", "", keep_timing<Check, &Timing::retry>},
    {"nb_get_retry", "", old_retry},
    {"delay_before_retry", "", keep_timing<Check, &Timing::wait>},
    {"warmup", "", keep_timing<Check, &Timing::warmup>},
    {"delay_loop", "", keep_timing<Check, &Timing::loop>},
    {"log_all_failures", "", keep_timing<Check, &Timing::log>},
    {"virtualhost", "", keep_timing<Check, &Timing::host>},
    {"url", "", part, 0, true},
    {"host", "", part, 0, true},
    {"http_protocol", "http_version", version},
    {"enable_sni", "", sni, 0},
    {"helo_name", "helo", by<Check, take_text>},
    {"type", "record_type", record_type},
    {"name", "query", by<Check, take_text>},
    {"misc_path", "command", command, any_number},
    {"misc_dynamic", "dynamic_weight", dynamic},
    {"user", "user", user, 2},
    {"payload", "send", payload, any_number},
    {"require_reply", "expect", reply, any_number},
    {"min_reply_length", "", reply_length},
    {"max_reply_length", "", reply_length},
    {"track_file", "path", file},
    {"dynamic", "", weight, 0},
    {"weight", "", weight, 2},
};

/// What a checker is of ours, and its own defaults.
struct CheckKind {
  std::string_view word;
  std::string_view type;
  unsigned retry;
  std::string_view wait;  // empty: as delay_loop
};
constexpr CheckKind check_kinds[] = {{"HTTP_GET", "http", 1, "3s"},   {"SSL_GET", "https", 1, "3s"},
                                     {"TCP_CHECK", "tcp", 1, "1s"},   {"SMTP_CHECK", "smtp", 1, "1s"},
                                     {"DNS_CHECK", "dns", 3, ""},     {"MISC_CHECK", "script", 0, "1s"},
                                     {"UDP_CHECK", "udp", 1, "1s"},   {"PING_CHECK", "ping", 1, "1s"},
                                     {"FILE_CHECK", "file", 0, "1s"}, {"BFD_CHECK", "", 0, ""}};

void paths(Url& self, const Node& node, Key key) {
  if (!node.word(1).starts_with('/') || node.word(1).find_first_of(" \t") != std::string::npos)
    return self.lose(node, "wants a path such as /healthz, with %20 for a blank: / is got instead");
  if (!written(node.word(1))) return self.lose(node, "cannot be written here: / is got instead");
  take_text(self, node, key);
}

void digest(Url& self, const Node& node, Key key) {
  std::string text = node.word(1);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  constexpr std::size_t md5 = 32;
  if (text.size() != md5 || text.find_first_not_of("0123456789abcdef") != std::string::npos)
    return self.lose(node, "is no MD5 in 32 digits");
  self.set(node, key, text);
}

void status(Url& self, const Node& node, Key key) {
  std::string list;
  for (std::size_t i = 1; i < node.words.size(); ++i)
    if (config::read_status(node.words[i]))
      list += (list.empty() ? "" : ", ") + node.words[i];
    else
      self.lose(node, fmt::format("`{}' is no status code or range", node.words[i]));
  if (!list.empty()) self.set(node, key, list);
}

void regex(Url& self, const Node& node, Key) { self.regex = &node; }
void regex_options(Url& self, const Node& node, Key) { self.options = &node; }
void no_match(Url& self, const Node&, Key) {
  self.no_match = true;
  self.took();
}

constexpr Row<Url> url_rows[] = {
    {"path", "url", paths},
    {"digest", "digest", digest},
    {"status_code", "status", status, any_number},
    {"virtualhost", "host", by<Url, take_text>},
    {"regex", "", regex, any_number},
    {"regex_no_match", "", no_match, 0},
    {"regex_options", "", regex_options, any_number},
    {"regex_min_offset", "body_from", by<Url, take_number>},
    {"regex_max_offset", "body_to", by<Url, take_number>},
};

/// PCRE2's options as letters that stand in the expression itself.
void take_regex(Url& self) {
  constexpr std::array<std::pair<std::string_view, char>, 6> letters{{{"caseless", 'i'},
                                                                      {"multiline", 'm'},
                                                                      {"dotall", 's'},
                                                                      {"extended", 'x'},
                                                                      {"dupnames", 'J'},
                                                                      {"ungreedy", 'U'}}};
  std::string flags;
  for (std::size_t i = 1; self.options != nullptr && i < self.options->words.size(); ++i) {
    const auto* const letter = std::find_if(letters.begin(), letters.end(),
                                            [&](const auto& one) { return one.first == self.options->words[i]; });
    if (letter != letters.end())
      flags += letter->second;
    else
      self.lose(*self.options,
                fmt::format("{} has no letter that could stand in the expression", self.options->words[i]));
  }
  if (self.regex == nullptr) {
    for (const std::string_view key : {"body_from", "body_to"}) self.section.remove(key);
    return;
  }
  const auto words = escaped_words(self.regex->text);
  const std::string text = (flags.empty() ? "" : "(?" + flags + ")") + (words && words->size() > 1 ? (*words)[1] : "");
  if (const std::string fault = config::regex_fault(text); !fault.empty() || text.empty())
    return self.lose(*self.regex, text.empty() ? "wants an expression" : fault);
  self.set(*self.regex, self.no_match ? "body_not" : "body", written(text));
}

/// keepalived's default, where nothing else is said that counts.
void take_seconds(Check& self, const Node* node, std::string_view key, std::string_view fallback) {
  if (node != nullptr) take_time_or(self, *node, key, fallback);
  if (!self.section.has(key) && !fallback.empty()) self.section.set(key, std::string{fallback});
}

void take_timing(Check& self, const CheckKind& kind, const Timing& outer) {
  const auto pick = [&](const Node* Timing::*member) {
    return self.timing.*member != nullptr ? self.timing.*member : outer.*member;
  };
  const bool script = kind.type == "script";
  take_seconds(self, pick(&Timing::loop), "interval", "1m");
  const std::string interval = self.section.value("interval");
  if (kind.type == "file") return;
  take_seconds(self, script ? self.timing.timeout : pick(&Timing::timeout), "timeout", script ? interval : "5s");
  const Node* const retry = pick(&Timing::retry);
  const auto number =
      retry == nullptr ? std::optional<std::uint64_t>{kind.retry} : config::read_number(retry->word(1), 0, 999);
  if (!number) self.lose(*retry, fmt::format("wants a number from 0 to 999: {} stands", kind.retry));
  const std::uint64_t fall = number.value_or(kind.retry) + 1;
  self.section.set("fall", std::to_string(fall));
  if (fall > 1) take_seconds(self, pick(&Timing::wait), "interval_failing", kind.wait);
  if (self.section.value("interval_failing") == interval) self.section.remove("interval_failing");
  if (pick(&Timing::warmup) != nullptr) take_time(self, *pick(&Timing::warmup), "jitter");
  const Node* const log = pick(&Timing::log);
  if (log != nullptr ? truth(*log).value_or(true) : self.site.defaults.log_failures)
    self.section.set("log_failures", "yes");
}

void take_tls(Check& self, const std::string& host) {
  self.section.set("verify", "no");
  for (const auto& [key, value] : self.site.tls) self.section.set(key, value);
  if (self.sni && !host.empty()) self.section.set("sni", host);
}

/// A check goes to the server's own port, though the kernel is told another one.
void take_port(const Check& self, Section& keys, const Timing& outer) {
  const bool applies = config::applies(*config::find_key("check", "port"), self.type);
  if (applies && !outer.port.empty() && !keys.has("port")) keys.set("port", outer.port);
}

/// One section for each part: a url may have a status and a digest of its own, a host an address.
std::vector<std::string> take_parts(Check& self, const Timing& outer) {
  std::vector<std::string> names;
  const bool http = self.type == "http" || self.type == "https";
  const Node* const named = self.timing.host != nullptr ? self.timing.host : outer.host;
  for (const Node* const part : self.parts) {
    Section keys{"check", ""};
    keys.copy_keys(self.section);
    if (http) {
      Url url{{self.site, keys}};
      take_block<Url>(url, part->children, url_rows, said_of_checks());
      take_regex(url);
    } else {
      Check host{{self.site, keys}, {}, self.type};
      for (const std::string_view key : {"address", "port", "source"}) keys.remove(key);
      take_block<Check>(host, part->children, check_rows, said_of_checks());
    }
    if (http && named != nullptr && !keys.has("host")) keys.set("host", written(named->word(1)).value_or(""));
    if (self.sni && keys.has("host")) keys.set("sni", keys.value("host"));
    for (const std::string& text : keys.take_comments()) self.section.comment(text);
    take_port(self, keys, outer);
    names.push_back(check_name(self.site, keys));
  }
  return names;
}

/// What each type cannot do without.
bool complete(const Section& keys) {
  return (keys.value("type") != "script" || keys.has("command")) && (keys.value("type") != "file" || keys.has("path"));
}

}  // namespace

std::string check_name(Site& site, const Section& keys) {
  std::string& name = site.checks[keys.content()];
  if (!name.empty()) return name;
  name = site.out.free_name("check", keys.value("type"));
  site.out.section("check", name).copy_keys(keys);
  return name;
}

bool is_check(std::string_view word) {
  return std::any_of(std::begin(check_kinds), std::end(check_kinds),
                     [&](const CheckKind& one) { return one.word == word; });
}

std::vector<std::string> take_check(Desk& desk, const Node& node, const Timing& timing) {
  const CheckKind& kind = *std::find_if(std::begin(check_kinds), std::end(check_kinds),
                                        [&](const CheckKind& one) { return one.word == node.words.front(); });
  if (kind.type.empty()) {
    desk.lose(node, "there is no BFD: PING_CHECK with a short delay_loop, or another check");
    say_inside(desk, node);
    return {};
  }
  Section keys{"check", ""};
  Check self{{desk.site, keys}, {}, std::string{kind.type}};
  keys.set("type", self.type);
  take_block<Check>(self, node.children, check_rows, said_of_checks());
  take_timing(self, kind, timing);
  const bool http = self.type == "http" || self.type == "https";
  if (http && !keys.has("http_version")) keys.set("http_version", "1.0");
  if (self.type == "https") take_tls(self, "");
  if (http && self.parts.empty()) self.say(node, Verdict::differs, "no url: / is got");
  static const Node bare;
  if (http && self.parts.empty()) self.parts.push_back(&bare);
  std::vector<std::string> names = self.parts.empty() ? std::vector<std::string>{} : take_parts(self, timing);
  if (self.type == "ping")
    self.say(node, Verdict::differs,
             "net.ipv4.ping_group_range must have a group of ours, as Debian has it; keepalived sets it");
  take_port(self, keys, timing);
  if (self.parts.empty() && complete(keys)) names.push_back(check_name(self.site, keys));
  if (names.empty()) self.lose(node, "what it needs is missing, see above: the server has this check not");
  for (const std::string& text : keys.take_comments()) desk.section.comment(text);
  desk.took();
  return names;
}

}  // namespace keepalive::import
