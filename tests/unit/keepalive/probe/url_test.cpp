// What libcurl probes for us: TLS and all that is not plain HTTP.
#include <doctest/doctest.h>

#include <ctime>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "certificate.hpp"
#include "config/load.hpp"
#include "director.hpp"
#include "server.hpp"

namespace url_test {

using namespace probe_test;
using keepalive::Check;
using keepalive::CheckType;
using keepalive::Milliseconds;
using keepalive::Security;
namespace core = keepalive::core;

namespace {

struct Row {
  std::string_view name;
  Check check;
  bool good;
  std::string evidence;  // begins so
};

void judge(std::uint16_t port, const std::vector<Row>& rows) {
  for (Row row : rows) {
    CAPTURE(row.name);
    const bool patient = row.check.timeout == Check{}.timeout;  // for slow machines
    if (patient) row.check.timeout = Milliseconds{20'000};
    row.check.interval = row.check.interval_down = Milliseconds{60'000};
    row.check.jitter = Milliseconds{0};
    row.check.fall = 1;
    Director director;
    director.probe(1, keepalive::print_check(row.check), port);
    const core::Verdict verdict = director.verdict(1);
    CHECK(verdict.good == row.good);
    CHECK(verdict.evidence.substr(0, row.evidence.size()) == row.evidence);
  }
}

Check with(Check check, const std::function<void(Check&)>& change) {
  change(check);
  return check;
}

/// Greets, then answers each line by its first word.
Listener::Talk dialogue(std::string greeting, std::vector<std::pair<std::string, std::string>> answers) {
  return [=](Peer& peer) {
    if (!peer.say(greeting)) return;
    for (std::string line = peer.hear("\n"); !line.empty(); line = peer.hear("\n"))
      for (const auto& [word, answer] : answers)
        if (line.find(word) != line.npos) {
          if (!peer.say(answer)) return;
          break;
        }
  };
}

}  // namespace

TEST_CASE("https: certificates good, expired, of nobody known and for another name, against nginx") {
  const Folder folder;
  const Certificate ours = make_certificate("www.test", -1, 30);
  const Certificate client = make_certificate("client.test", -1, 30);
  const std::string files = "ssl_certificate " + folder.write("crt", ours.text) + "; ssl_certificate_key " +
                            folder.write("key", ours.key) + ";";
  const Nginx nginx{
      "ssl http2", files + "ssl_verify_client optional; ssl_client_certificate " + folder.write("client", client.text) +
                       "; location / { return 200 hello; }"
                       "location /mine { if ($ssl_client_verify != SUCCESS) { return 403; } return 204; }"};
  const std::string locked = locked_key(client.key, "secret");
  Check https{.name = "c", .type = CheckType::https, .security = Security::tls};
  https.ca = ours.text;
  https.sni = "www.test";
  const auto but = [&](const auto& change) { return with(https, change); };
  judge(nginx.port(),
        {
            {"good", https, true, "HTTP status 200 in "},
            {"named by host", but([](Check& c) { c.sni = "", c.host = "www.test:443"; }), true, "HTTP status 200"},
            {"HTTP/2", but([](Check& c) { c.http_version = "2"; }), true, "HTTP status 200"},
            {"body", but([](Check& c) { c.body = "^ell$", c.body_from = 1, c.body_to = 4; }), true, "HTTP status 200"},
            {"no body", but([](Check& c) { c.body = "^goodbye$"; }), false, "body does not match `^goodbye$'"},
            {"unknown authority", but([](Check& c) { c.ca = ""; }), false, "certificate is self-signed"},
            {"not verified", but([](Check& c) { c.ca = "", c.verify = false; }), true, "HTTP status 200"},
            {"another name", but([](Check& c) { c.sni = "mail.test"; }), false, "certificate is for another name"},
            {"by address", but([](Check& c) { c.sni = ""; }), false, "certificate is for another"},
            {"no client certificate", but([](Check& c) { c.urls = {"/mine"}; }), false,
             "HTTP status 403, wanted 200-299"},
            {"client certificate", but([&](Check& c) {
               c.urls = {"/", "/mine"}, c.certificate = client.text, c.key = client.key;
             }),
             true, "HTTP status 204"},
            {"key with a password", but([&](Check& c) {
               c.urls = {"/mine"}, c.certificate = client.text, c.key = locked, c.key_password = "secret";
             }),
             true, "HTTP status 204"},
            {"key with another password", but([&](Check& c) {
               c.urls = {"/mine"}, c.certificate = client.text, c.key = locked, c.key_password = "other";
             }),
             false, "cannot probe: `certificate', `key' and `key_password' do not fit"},
            {"tcp", but([](Check& c) { c.type = CheckType::tcp; }), true, "connected in "},
            {"tcp that talks", but([](Check& c) {
               c.type = CheckType::tcp;
               c.send = "GET / HTTP/1.0\r\n\r\n", c.expect = "200 OK";
             }),
             true, "answered in "},
            {"tcp that hears something else",
             but([](Check& c) { c.type = CheckType::tcp, c.send = "GET / HTTP/1.0\r\n\r\n", c.expect = "^250"; }),
             false, "answer `HTTP/1.1 200 OK"},
        });
  Director director;
  director.probe(1, keepalive::print_check(but([](Check& c) { c.expiry_days = 60, c.timeout = Milliseconds{20'000}; })),
                 nginx.port());
  CHECK(director.verdict(1).evidence.substr(director.verdict(1).evidence.find(';') + 1) ==
        " certificate ends in 30 days");
  CHECK(director.verdict(1).certificate.soon);
  const auto days = (static_cast<std::int64_t>(director.verdict(1).certificate.end) - std::time(nullptr)) / 86'400;
  CHECK(days == 30);
}

TEST_CASE("https: a certificate that is over, or not one at all") {
  const Folder folder;
  const Certificate old = make_certificate("www.test", -30, -1);
  const Nginx nginx{"ssl", "ssl_certificate " + folder.write("crt", old.text) + "; ssl_certificate_key " +
                               folder.write("key", old.key) + "; location / { return 200 hello; }"};
  Check https{.name = "c", .type = CheckType::https, .security = Security::tls};
  https.sni = "www.test";
  https.ca = old.text;
  judge(nginx.port(),
        {{"expired", https, false, "certificate expired"},
         {"no authority",
          with(https, [](Check& c) { c.ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"; }), false,
          "cannot probe: `ca' holds no certificate"}});
  const Listener plain{[](Peer& peer) { peer.say("HTTP/1.1 400 No\r\n\r\n"), peer.hang(); }};
  judge(plain.port(), {{"no TLS", https, false, "TLS failed: wrong version number"}});
}

TEST_CASE("http: what the lean probe leaves to libcurl") {
  const Folder folder;
  const Nginx nginx{"",
                    "location / { return 200 hello; } location /old { return 302 http://elsewhere.test:$server_port/; }"
                    "location /round { return 302 /round; }"
                    "location /mine { auth_basic x; auth_basic_user_file " +
                        folder.write("users", "me:{PLAIN}secret\n") + "; try_files /none =204; }"};
  Check http{.name = "c", .type = CheckType::http};
  http.follow = true;
  const auto but = [&](const auto& change) { return with(http, change); };
  judge(nginx.port(),
        {
            {"followed", but([](Check& c) { c.urls = {"/old"}; }), true, "HTTP status 200"},
            {"not followed", but([](Check& c) { c.urls = {"/old"}, c.follow = false; }), false, "HTTP status 302"},
            {"round and round", but([](Check& c) { c.urls = {"/round"}; }), false, "more than 10 redirections"},
            {"no login", but([](Check& c) { c.urls = {"/mine"}; }), false, "HTTP status 401"},
            {"login", but([](Check& c) { c.urls = {"/mine"}, c.login = "me", c.password = "secret"; }), true,
             "HTTP status 204"},
            {"wrong login", but([](Check& c) { c.urls = {"/mine"}, c.login = "me", c.password = "x"; }), false,
             "HTTP status 401"},
        });
}

TEST_CASE("libcurl's probes are bounded as ours are") {
  Check http{.name = "c", .type = CheckType::http};
  http.follow = true;
  const auto but = [&](const auto& change) { return with(http, change); };
  const Listener headers{[](Peer& peer) {
    if (peer.hear("\r\n\r\n").empty() || !peer.say("HTTP/1.1 200 OK\r\n")) return;
    while (peer.say("X: y\r\n")) continue;
  }};
  judge(headers.port(), {{"headers", http, false, "headers longer than 16384 bytes"}});
  const Listener body{[](Peer& peer) {
    if (peer.hear("\r\n\r\n").empty() || !peer.say("HTTP/1.1 200 OK\r\n\r\n")) return;
    while (peer.say(std::string(65536, 'x'))) continue;
  }};
  judge(body.port(), {{"body", http, false, "answer longer than 1048576 bytes"}});
  const Listener hang{[](Peer& peer) { peer.hang(); }};
  judge(hang.port(),
        {{"hang", but([](Check& c) { c.timeout = Milliseconds{300}; }), false, "no answer within 300 ms"}});
  const Listener reset{[](Peer& peer) { peer.hear("\r\n\r\n"), peer.reset(); }};
  judge(reset.port(), {{"reset", http, false, "connection"}});
  std::uint16_t port = 0;
  const auto held = bound(SOCK_STREAM, port);
  judge(port, {{"refused", http, false, "connection refused"}});
}

TEST_CASE("smtp, imap, pop3, ftp and rtsp: greeting, login, and servers that say no or nothing") {
  const auto hello = [](CheckType type) { return Check{.name = "c", .type = type}; };
  const auto login = [&](CheckType type, const std::string& password) {
    return with(hello(type), [&](Check& c) { c.login = "me", c.password = password; });
  };
  const Listener smtp{dialogue("220 mail.test\r\n", {{"EHLO", "250-mail.test\r\n250 AUTH PLAIN\r\n"},
                                                     {"AG1lAHNlY3JldA==", "235 ok\r\n"},
                                                     {"AUTH PLAIN", "334 \r\n"},
                                                     {"", "535 no\r\n"}})};
  judge(smtp.port(),
        {{"smtp", hello(CheckType::smtp), true, "answered in "},
         {"smtp login", login(CheckType::smtp, "secret"), true, "answered in "},
         {"smtp wrong login", login(CheckType::smtp, "x"), false, "login denied"},
         {"smtp without STARTTLS", with(hello(CheckType::smtp), [](Check& c) { c.security = Security::starttls; }),
          false, "the server offers no STARTTLS"}});
  const Listener busy{dialogue("421 busy\r\n", {})};
  judge(busy.port(), {{"smtp busy", hello(CheckType::smtp), false, "Got unexpected smtp-server response: 421"}});
  const Listener pop3{dialogue(
      "+OK hi\r\n",
      {{"CAPA", "+OK\r\nUSER\r\n.\r\n"}, {"USER me", "+OK\r\n"}, {"PASS secret", "+OK\r\n"}, {"", "-ERR no\r\n"}})};
  judge(pop3.port(), {{"pop3", hello(CheckType::pop3), true, "answered in "},
                      {"pop3 login", login(CheckType::pop3, "secret"), true, "answered in "},
                      {"pop3 wrong login", login(CheckType::pop3, "x"), false, "login denied"}});
  const Listener imap{dialogue("* OK hi\r\n", {{"A001", "* CAPABILITY IMAP4rev1\r\nA001 OK\r\n"},
                                               {"A002 LOGIN me secret", "A002 OK\r\n"},
                                               {"A002", "A002 NO\r\n"}})};
  judge(imap.port(), {{"imap", hello(CheckType::imap), true, "answered in "},
                      {"imap login", login(CheckType::imap, "secret"), true, "answered in "},
                      {"imap wrong login", login(CheckType::imap, "x"), false, "login denied"}});
  const Listener ftp{dialogue("220 hi\r\n", {{"USER anonymous", "530 no\r\n"},
                                             {"USER me", "331 ?\r\n"},
                                             {"PASS secret", "230 ok\r\n"},
                                             {"PWD", "257 \"/\"\r\n"},
                                             {"", "530 no\r\n"}})};
  judge(ftp.port(), {{"ftp", hello(CheckType::ftp), true, "answered in "},
                     {"ftp login", login(CheckType::ftp, "secret"), true, "answered in "},
                     {"ftp wrong login", login(CheckType::ftp, "x"), false, "login denied"}});
  const Listener rtsp{answering("RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS\r\n\r\n")};
  judge(rtsp.port(), {{"rtsp", hello(CheckType::rtsp), true, "answered in "}});
  const Listener lost{answering("RTSP/1.0 404 No\r\nCSeq: 1\r\n\r\n")};
  judge(lost.port(), {{"rtsp", hello(CheckType::rtsp), false, "RTSP status 404, wanted 200"}});
  const Listener mute{[](Peer& peer) { peer.hang(); }};
  for (const CheckType type :
       {CheckType::smtp, CheckType::imap, CheckType::pop3, CheckType::ftp, CheckType::ldap, CheckType::rtsp})
    judge(mute.port(), {{"mute", with(hello(type), [](Check& c) { c.timeout = Milliseconds{300}; }), false,
                         "no answer within 300 ms"}});
}

TEST_CASE("a mail server that does not answer our goodbye delays no other probe") {
  const Listener smtp{dialogue("220 mail.test\r\n", {{"EHLO", "250 mail.test\r\n"}})};
  Director director;
  director.probe(1, "type = smtp\ninterval = 100ms\njitter = 0\ntimeout = 10s\n", smtp.port());
  REQUIRE(director.until([&] { return smtp.connections() > 20; }));
  REQUIRE(director.summary(1) != nullptr);
  CHECK(director.summary(1)->failures == 0);
}

}  // namespace url_test
