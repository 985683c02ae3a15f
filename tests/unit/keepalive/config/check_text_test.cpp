#include <doctest/doctest.h>

#include "base/text.hpp"
#include "config/schema.hpp"
#include "config/setters.hpp"
#include "config/words.hpp"
#include "texts.hpp"

namespace check_text_test {

using namespace keepalive;
using namespace keepalive::test;
using std::chrono::milliseconds;

namespace {

/// Texts that files may hold and lines may spoil.
const std::vector<std::string> texts{"a",       "a b",       " a ",  "a ; b",    "# a",     "a = b",       "\"a\"",
                                     "\"a\" b", "a\"b",      "a, b", "\\d+\\\\", "${NAME}", "\xc3\xa4\tb", "file:/x",
                                     "text:",   "[check x]", "=",    "\"",       "a#b;c"};
/// Bytes that only escapes and files may hold.
const std::vector<std::string> raw{std::string{"\0\r\n\t\\\xff\x7f;#\"$ ", 12}, "\n", " ", "-----BEGIN X-----\n\n"};

void same(const Check& check) {
  const std::string text = print_check(check);
  CAPTURE(text);
  const auto again = parse_check(check.name, text);
  if (!again) FAIL(base::render(again.error()));
  CHECK(*again == check);
}

Check fresh(CheckType type) {
  Check check{.name = "c", .type = type};
  if (type == CheckType::https) check.security = Security::tls;
  if (type == CheckType::script) check.command.argv = {"/bin/x"};
  if (type == CheckType::file) check.path = "/weight";
  return check;
}

bool has(CheckType type, const char* key) {
  return config::applies(*config::find_key("check", key), config::name(type));
}

/// Sets one member to each of these values in turn.
template <class Member, class Values>
void each(CheckType type, const char* key, Member Check::*member, const Values& values) {
  if (!has(type, key)) return;
  CAPTURE(key);
  for (const auto& value : values) {
    Check check = fresh(type);
    if (std::string_view{key}.starts_with("key")) check.certificate = pem("CERTIFICATE");
    if (std::string_view{key} == "password") check.login = "l";
    if (std::string_view{key} == "body_from" || std::string_view{key} == "body_to") check.body = "x";
    const bool of_tls = std::string_view{" verify ca certificate key key_password sni expiry_days "}.find(
                            " " + std::string{key} + " ") != std::string::npos;
    if (of_tls) check.security = Security::tls;
    check.*member = value;
    same(check);
  }
}

void text_keys(CheckType type) {
  each(type, "sni", &Check::sni, texts);
  each(type, "host", &Check::host, texts);
  each(type, "body", &Check::body, texts);
  each(type, "body_not", &Check::body_not, texts);
  each(type, "login", &Check::login, texts);
  each(type, "helo", &Check::helo, texts);
  each(type, "base", &Check::base, texts);
  each(type, "filter", &Check::filter, texts);
  each(type, "query", &Check::query, texts);
  each(type, "path", &Check::path, std::vector<std::string>{"/a b", "/ ; x", "/\""});
  each(type, "interface", &Check::interface, std::vector<std::string>{"eth0", "a;b"});
  each(type, "method", &Check::method, std::vector<std::string>{"HEAD"});
  each(type, "digest", &Check::digest, std::vector<std::string>{std::string(32, 'a'), std::string(64, '0')});
  for (const auto* list : {&texts, &raw}) {
    each(type, "send", &Check::send, *list);
    each(type, "expect", &Check::expect, *list);
    for (const std::string& text : *list) {
      each(type, "ca", &Check::ca, std::vector{pem("CERTIFICATE", text)});
      each(type, "certificate", &Check::certificate, std::vector{text + pem("TRUSTED CERTIFICATE")});
      each(type, "key", &Check::key, std::vector{pem("RSA PRIVATE KEY", text) + "x"});
    }
  }
  // As files give them.
  for (const auto& secret : texts)
    each(type, "key_password", &Check::key_password, std::vector{base::without_end(secret)});
  for (const auto& secret : texts) each(type, "password", &Check::password, std::vector{base::without_end(secret)});
}

void other_keys(CheckType type) {
  using Times = std::vector<Milliseconds>;
  using Numbers = std::vector<std::uint32_t>;
  using Flags = std::vector<bool>;
  each(type, "interval", &Check::interval, Times{milliseconds{10}, milliseconds{86'400'000}});
  each(type, "interval_down", &Check::interval_down, Times{milliseconds{11}, milliseconds{90'000}});
  each(type, "interval_failing", &Check::interval_failing, Times{milliseconds{11}, milliseconds{90'000}});
  each(type, "timeout", &Check::timeout, Times{milliseconds{10}, milliseconds{3'600'000}});
  each(type, "jitter", &Check::jitter, Times{milliseconds{0}, milliseconds{86'400'000}});
  each(type, "rise", &Check::rise, Numbers{2, 1000});
  each(type, "fall", &Check::fall, Numbers{1, 1000});
  each(type, "expiry_days", &Check::expiry_days, Numbers{0, 3650});
  each(type, "body_limit", &Check::body_limit, std::vector<std::uint64_t>{1, 1U << 30U});
  each(type, "mark", &Check::mark, std::vector{ipvs::Fwmark{1}, ipvs::Fwmark{0xffffffff}});
  each(type, "body_from", &Check::body_from, std::vector<std::uint32_t>{1, 100});
  each(type, "body_to", &Check::body_to, std::vector<std::uint32_t>{1, 100});
  each(type, "source_port", &Check::source_port, std::vector{std::optional{ipvs::Port{1}}});
  each(type, "port", &Check::connect_port, std::vector{std::optional{ipvs::Port{1}}, std::optional{ipvs::Port{65535}}});
  for (const char* text : {"10.0.0.1", "fd00::1"}) {
    each(type, "address", &Check::connect_address, std::vector{ipvs::Address::parse(text)});
    each(type, "source", &Check::source, std::vector{ipvs::Address::parse(text)});
  }
  each(type, "via", &Check::via, std::vector{Via::address, Via::path});
  each(type, "log_failures", &Check::log_failures, Flags{true, false});
  each(type, "verify", &Check::verify, Flags{true, false});
  each(type, "reply", &Check::reply, Flags{true, false});
  each(type, "follow", &Check::follow, Flags{true, false});
  each(type, "dynamic_weight", &Check::dynamic_weight, Flags{true, false});
  each(type, "security", &Check::security, std::vector{Security::plain, Security::tls});
  if (type != CheckType::tcp) each(type, "security", &Check::security, std::vector{Security::starttls});
  each(type, "http_version", &Check::http_version, std::vector<std::string>{"1.0", "1.1", "2"});
  for (const auto& row : config::record_types)
    each(type, "record_type", &Check::record_type, std::vector{std::string{row.value}});
  each(type, "status", &Check::status, std::vector<std::vector<StatusRange>>{{{200, 299}}, {{100, 100}, {301, 999}}});
  const bool http = type == CheckType::http || type == CheckType::https;
  each(type, "url", &Check::urls, std::vector<std::vector<std::string>>{{"/"}, {"/a;b#c\"d,${E}=?"}});
  if (http) each(type, "url", &Check::urls, std::vector<std::vector<std::string>>{{"/a", "/b", "/a"}});
  each(type, "command", &Check::command,
       std::vector{Command{{"/bin/x"}}, Command{{"/bin/a b", "", "c ; d", "#", "e=f", "\t"}},
                   Command{{"/x"}, "nobody"}});
}

}  // namespace

TEST_CASE("a check printed and parsed is the same check: each key of each type, with values that spoil lines") {
  for (const auto& row : config::check_types) {
    CAPTURE(row.word);
    same(fresh(row.value));
    text_keys(row.value);
    other_keys(row.value);
  }
}

TEST_CASE("whatever a file may say of a check comes through") {
  const Config config = good(
      "[global]\ncheck_interval = 3s\ncheck_rise = 2\n"
      "[check a]\ntype = http\nbody = <a href=\"x\"> ; comment\nurl = /\nurl = /b\nstatus = 200, 300-302\n"
      "[check b]\ntype = script\ncommand = /bin/x \"a ; b\" c\nuser = u\ndynamic_weight = yes\n"
      "[check c]\ntype = tcp\nsend = \\x00\\r\\n\nexpect = ^\\\\d \nsecurity = tls\nverify = no\nmark = 7\n");
  for (const Check& check : config.checks) same(check);
}

TEST_CASE("a text that print_check() did not write is refused, with its place") {
  const auto refused = [](const char* text) {
    const auto check = parse_check("c", text);
    return check ? "" : base::render(check.error().front());
  };
  CHECK(refused("") == "check:1:1: error: a check needs `type'\n  \n  ^\n");
  CHECK(refused("type = tcp\nrize = 2\n") ==
        "check:2:1: error: [check] has no key `rize'; did you mean `rise'?\n"
        "  rize = 2\n  ^\n");
  CHECK(refused("type = tcp\nrise = x") ==
        "check:2:8: error: rise: wants a number from 1 to 1000\n"
        "  rise = x\n         ^\n");
  CHECK(refused("type = https\nca = file:/\\q\n") ==
        "check:2:6: error: ca: cannot read /\\q: is no text with escapes\n  ca = file:/\\q\n       ^\n");
}

}  // namespace check_text_test
