// udp, dns and ping.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <vector>

#include "datagrams.hpp"
#include "director.hpp"
#include "server.hpp"

namespace datagram_test {

using namespace probe_test;
using namespace keepalive;

namespace {

const Datagrams::Reply silence = [](const std::string&) { return std::vector<std::string>{}; };
Datagrams::Reply saying(std::string text) {
  return [text](const std::string&) { return std::vector<std::string>{text}; };
}

struct Row {
  std::string_view name;
  std::string check;
  Datagrams::Reply reply;
  bool good;
  std::string evidence;  // begins so
};

void judge(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Datagrams server{row.reply};
    const core::Verdict verdict = verdict_of(row.check, server.port());
    CHECK(verdict.good == row.good);
    CHECK(verdict.evidence.substr(0, row.evidence.size()) == row.evidence);
  }
}

using Bytes = std::string;
using namespace std::string_literals;

/// An answer to the question in `query`: flags, count of records, and they.
std::vector<std::string> answer(const std::string& query, const Bytes& flags, char records, const Bytes& data) {
  return {query.substr(0, 2) + flags + "\0\1\0"s + records + "\0\0\0\0"s + query.substr(12) + data};
}

const Bytes record_a = "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x07"s;  // 192.0.2.7
const Bytes good = "\x81\x80"s;
const Bytes truncated = "\x83\x80"s;
const Bytes no_such_name = "\x81\x83"s;

}  // namespace

TEST_CASE("udp: answers, silence and refusals") {
  judge({
      {"silence is fine", "type = udp\ntimeout = 300ms", silence, true, "sent, and nothing came back to say no"},
      {"silence is not fine", "type = udp\ntimeout = 300ms\nreply = yes", silence, false, "no answer within 300 ms"},
      {"silence matches nothing", "type = udp\ntimeout = 300ms\nexpect = x", silence, false, "no answer within 300 ms"},
      {"an answer", "type = udp\nreply = yes", saying("x"), true, "answered in "},
      {"an empty answer", "type = udp\nreply = yes", saying(""), true, "answered in "},
      {"the answer", "type = udp\nsend = \\x01ping\nexpect = ^pong$", saying("pong"), true, "answered in "},
      {"another answer", "type = udp\nexpect = ^pong$", saying("gong"), false, "answer `gong' does not match `^pong$'"},
  });
}

TEST_CASE("udp: an ICMP refusal is a failure, though silence is not") {
  std::uint16_t port = 0;
  const auto held = bound(SOCK_DGRAM, port);
  sockaddr_in self{};
  socklen_t size = sizeof self;
  auto* const any = reinterpret_cast<sockaddr*>(&self);
  getsockname(held.get(), any, &size);
  REQUIRE(connect(held.get(), any, size) == 0);  // it hears itself alone: nobody else takes the port
  CHECK(verdict_of("type = udp", port).evidence == "connection refused");
}

TEST_CASE("dns: answers, lies and other people's answers") {
  const std::string dns = "type = dns\nquery = www.example.net\nrecord_type = A\n";
  judge({
      {"a record", dns, [](const std::string& q) { return answer(q, good, 1, record_a); }, true, "answered in "},
      {"the record", dns + "expect = 192.0.2.7", [](const std::string& q) { return answer(q, good, 1, record_a); },
       true, "answered in "},
      {"another record", dns + "expect = 192.0.2.8", [](const std::string& q) { return answer(q, good, 1, record_a); },
       false, "answer is `192.0.2.7', wanted `192.0.2.8'"},
      {"no such name", dns, [](const std::string& q) { return answer(q, no_such_name, 0, ""); }, false, "DNS NXDOMAIN"},
      {"no record", dns, [](const std::string& q) { return answer(q, good, 0, ""); }, false,
       "no A record of `www.example.net'"},
      {"truncated", dns, [](const std::string& q) { return answer(q, truncated, 1, record_a.substr(0, 9)); }, true,
       "answered in "},
      {"truncated before the record", dns + "expect = 192.0.2.7",
       [](const std::string& q) { return answer(q, truncated, 1, record_a.substr(0, 9)); }, false,
       "no answer holds `192.0.2.7' (the answer is truncated)"},
      {"garbage, other answers, and then the answer", dns,
       [](const std::string& q) {
         std::string other_id = answer(q, good, 1, record_a)[0];
         other_id[0] = static_cast<char>(other_id[0] ^ 1);
         std::string other_name = answer(q, no_such_name, 0, "")[0];
         other_name[13] = 'v';
         return std::vector<std::string>{"", "x", q, other_id, other_name, answer(q, good, 1, record_a)[0]};
       },
       true, "answered in "},
      {"only other answers", dns + "timeout = 300ms", [](const std::string& q) { return std::vector<std::string>{q}; },
       false, "no answer within 300 ms"},
  });
}

TEST_CASE("ping: this machine answers, or says that we may not ask") {
  const core::Verdict verdict = verdict_of("type = ping", 0);
  if (verdict.good)
    CHECK(verdict.evidence.starts_with("answered in "));
  else
    CHECK(verdict.evidence == "cannot ping: net.ipv4.ping_group_range leaves us out");
}

}  // namespace datagram_test
