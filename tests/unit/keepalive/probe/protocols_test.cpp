// What libcurl speaks when all goes well: TLS from the start, STARTTLS, LDAP, HTTP/2 in clear.
#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <string>
#include <utility>
#include <vector>

#include "certificate.hpp"
#include "config/load.hpp"
#include "director.hpp"
#include "server.hpp"

namespace protocols_test {

using namespace probe_test;
using keepalive::Check;
using keepalive::CheckType;
using keepalive::Milliseconds;
using keepalive::Security;
namespace core = keepalive::core;

namespace {

core::Verdict verdict_of(Check check, std::uint16_t port) {
  check.interval = check.interval_down = check.interval_failing = Milliseconds{60'000};
  check.jitter = Milliseconds{0};
  check.fall = 1;
  if (check.timeout == Check{}.timeout) check.timeout = Milliseconds{20'000};
  Director director;
  director.probe(1, keepalive::print_check(check), port);
  return director.verdict(1);
}

struct Protocol {
  CheckType type;
  std::string greeting;
  std::string starttls;                                      // the line that turns to TLS
  std::string yes;                                           // its answer
  std::vector<std::pair<std::string, std::string>> answers;  // by a word of the line
};

const std::vector<Protocol> protocols{
    {CheckType::smtp,
     "220 mail.test\r\n",
     "STARTTLS",
     "220 go\r\n",
     {{"EHLO", "250-mail.test\r\n250 STARTTLS\r\n"}, {"", "250 ok\r\n"}}},
    {CheckType::imap,
     "* OK hi\r\n",
     "A002 STARTTLS",
     "A002 OK go\r\n",
     {{"A001", "* CAPABILITY IMAP4rev1 STARTTLS\r\nA001 OK\r\n"},
      {"A003", "* CAPABILITY IMAP4rev1\r\nA003 OK\r\n"},
      {"A002 LOGIN", "A002 OK\r\n"},
      {"A004 LOGIN", "A004 OK\r\n"}}},
    {CheckType::pop3, "+OK hi\r\n", "STLS", "+OK go\r\n", {{"CAPA", "+OK\r\nUSER\r\nSTLS\r\n.\r\n"}, {"", "+OK\r\n"}}},
    {CheckType::ftp,
     "220 hi\r\n",
     "AUTH",
     "234 go\r\n",
     {{"USER", "331 ?\r\n"}, {"PASS", "230 ok\r\n"}, {"PWD", "257 \"/\"\r\n"}, {"", "200 ok\r\n"}}},
};

/// A server of the protocol, with TLS from the start or when it is asked for.
Listener::Talk server_of(const Protocol& protocol, const Certificate& certificate, Security security) {
  return [=](Peer& peer) {
    if (security == Security::tls && !peer.secure(certificate.text, certificate.key)) return;
    if (!peer.say(protocol.greeting)) return;
    for (std::string line = peer.hear("\n"); !line.empty(); line = peer.hear("\n")) {
      if (security == Security::starttls && line.starts_with(protocol.starttls)) {
        if (!peer.say(protocol.yes) || !peer.secure(certificate.text, certificate.key)) return;
        continue;
      }
      for (const auto& [word, answer] : protocol.answers)
        if (line.find(word) != line.npos) {
          if (!peer.say(answer)) return;
          break;
        }
    }
  };
}

std::string digest_of(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex = hex + digits[bytes[i] / 16] + digits[bytes[i] % 16];
  return hex;
}

}  // namespace

TEST_CASE("smtp, imap, pop3 and ftp: a login within TLS, from the start and after STARTTLS") {
  const Certificate certificate = make_certificate("mail.test", -1, 30);
  for (const Protocol& protocol : protocols)
    for (const Security security : {Security::tls, Security::starttls}) {
      CAPTURE(static_cast<int>(protocol.type));
      CAPTURE(static_cast<int>(security));
      const Listener server{server_of(protocol, certificate, security)};
      Check check{.name = "c", .type = protocol.type, .security = security, .ca = certificate.text};
      check.sni = "mail.test";
      if (protocol.type != CheckType::smtp) check.login = "me", check.password = "secret";
      CHECK(verdict_of(check, server.port()).evidence.starts_with("answered in "));
      check.sni = "other.test";
      CHECK(verdict_of(check, server.port()).evidence == "certificate is for another name");
    }
}

TEST_CASE("ldap: one entry is asked for, and none of its attributes; no entry is a failure") {
  using namespace std::string_literals;
  const std::string bound = "\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\0\x04\0\x04\0"s;
  const std::string entry =
      "\x30\x0f\x02\x01\x02\x64\x0a\x04\x06"
      "dc=net\x30\0"s;
  const std::string done = "\x30\x0c\x02\x01\x02\x65\x07\x0a\x01\0\x04\0\x04\0"s;
  const Certificate certificate = make_certificate("mail.test", -1, 30);
  for (const auto& [there, security] :
       {std::pair{true, Security::plain}, {false, Security::plain}, {true, Security::tls}}) {
    std::string asked;
    const bool secure = security == Security::tls;
    const Listener server{[&](Peer& peer) {
      if (secure && !peer.secure(certificate.text, certificate.key)) return;
      if (peer.hear("\x80").empty() || !peer.say(bound)) return;
      asked = peer.hear("1.1");
      peer.say(there ? entry + done : done);
      peer.hang();
    }};
    Check check{.name = "c", .type = CheckType::ldap, .security = security};
    check.base = "dc=net";
    if (secure) check.ca = certificate.text, check.sni = "mail.test";
    const core::Verdict verdict = verdict_of(check, server.port());
    CHECK(verdict.good == there);
    CHECK(verdict.evidence.starts_with(there ? "answered in " : "no entry found"));
    CHECK(asked.find("\x04\x06"
                     "dc=net\x0a\x01\0"s) != asked.npos);  // scope: base
  }
}

TEST_CASE("http: HTTP/2 in clear, a method, several urls with a digest, all through libcurl") {
  const Nginx nginx{"http2",
                    "location / { return 200 hello; } location /again { return 200 hello; }"
                    "location /post { if ($request_method != POST) { return 405; } return 204; }"};
  Check check{.name = "c", .type = CheckType::http};
  check.http_version = "2";
  CHECK(verdict_of(check, nginx.port()).evidence.starts_with("HTTP status 200 in "));
  check.urls = {"/", "/again"};
  check.digest = digest_of("hello");
  CHECK(verdict_of(check, nginx.port()).evidence.starts_with("HTTP status 200 in "));
  check.digest = digest_of("goodbye");
  CHECK(verdict_of(check, nginx.port()).evidence == "digest of the body is " + digest_of("hello"));
  check.urls = {"/post"}, check.digest = "";
  CHECK(verdict_of(check, nginx.port()).evidence.starts_with("HTTP status 405"));
  check.method = "POST";
  CHECK(verdict_of(check, nginx.port()).evidence.starts_with("HTTP status 204 in "));
}

TEST_CASE("an answer that stops half-way is told as far as it came") {
  const Listener server{[](Peer& peer) {
    peer.hear("\r\n\r\n"), peer.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"), peer.hang();
  }};
  Check check{.name = "c", .type = CheckType::http, .timeout = Milliseconds{2000}};
  check.follow = true;  // libcurl
  CHECK(verdict_of(check, server.port()).evidence == "HTTP status 200, but the answer is not complete within 2 s");
}

}  // namespace protocols_test
