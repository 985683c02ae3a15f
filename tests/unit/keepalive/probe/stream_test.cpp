// tcp and http against servers that behave, and servers that do not.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "director.hpp"
#include "server.hpp"

namespace stream_test {

using namespace probe_test;
using namespace keepalive;

namespace {

struct Row {
  std::string_view name;
  std::string check;
  Listener::Talk talk;
  bool good;
  std::string evidence;  // begins so
};

void judge(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CAPTURE(row.check);
    const Listener server{row.talk};
    const core::Verdict verdict = verdict_of(row.check, server.port());
    CAPTURE(verdict.evidence);
    CHECK(verdict.good == row.good);
    CHECK(verdict.evidence.substr(0, row.evidence.size()) == row.evidence);
  }
}

void drip(Peer& peer, std::string_view text) {
  for (const char byte : text)
    if (!peer.say({&byte, 1}) || !peer.pause(100)) return;
  peer.hang();
}

std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

void flood(Peer& peer, const std::string& head, const std::string& block) {
  if (peer.hear("\r\n\r\n").empty() || !peer.say(head)) return;
  while (peer.say(block)) continue;
}

}  // namespace

TEST_CASE("tcp: what a server may do, and what is said of it") {
  const std::string greet = "type = tcp\nexpect = ^SSH-2\n";
  judge({
      {"accepts", "type = tcp", [](Peer& peer) { peer.hang(); }, true, "connected in "},
      {"accepts and closes", "type = tcp", [](Peer&) {}, true, "connected in "},
      {"greets", greet, [](Peer& peer) { peer.say("SSH-2.0-x\r\n"), peer.hang(); }, true, "answered in "},
      {"greets byte by byte", greet, [](Peer& peer) { drip(peer, "SSH-2.0"); }, true, "answered in "},
      {"echoes", "type = tcp\nsend = PING\\r\\n\nexpect = PO+NG",
       [](Peer& peer) { peer.hear("PING\r\n") == "PING\r\n" ? (peer.say("POONG"), peer.hang()) : void(); }, true,
       "answered in "},
      {"says something else", greet, [](Peer& peer) { peer.say("220 mail\x01\r\n"); }, false,
       "answer `220 mail' does not match `^SSH-2'"},
      {"goes on saying something else", greet + "timeout = 2s", [](Peer& peer) { peer.say("2"), peer.hang(); }, false,
       "answer `2' does not match `^SSH-2'"},
      {"closes silently", greet, [](Peer&) {}, false, "connection closed without an answer"},
      {"resets", greet, [](Peer& peer) { peer.reset(); }, false, "connection reset"},
      {"hangs", greet + "timeout = 300ms", [](Peer& peer) { peer.hang(); }, false, "no answer within 300 ms"},
      {"never ends", greet + "body_limit = 100000",
       [](Peer& peer) {
         while (peer.say(std::string(50'000, 'x'))) continue;
       },
       false, "answer longer than 100000 bytes"},
  });
}

TEST_CASE("tcp: what is sent without an answer wanted arrives all the same") {
  std::string heard;
  {
    const Listener server{[&](Peer& peer) { heard = peer.hear("bye"); }};
    CHECK(verdict_of("type = tcp\nsend = bye", server.port()).good);
  }
  CHECK(heard == "bye");
}

TEST_CASE("tcp: nobody listens") {
  std::uint16_t port = 0;
  const auto held = bound(SOCK_STREAM, port);
  CHECK(verdict_of("type = tcp", port).evidence == "connection refused");
}

TEST_CASE("tcp: what our own side refuses is told as such") {
  CHECK(verdict_of("type = tcp\nsource = 192.0.2.77", 9).evidence ==
        "cannot send from 192.0.2.77: cannot assign requested address");
  CHECK(verdict_of("type = tcp\ninterface = nosuchif0", 9).evidence.starts_with("cannot send through nosuchif0: "));
  CHECK(verdict_of("type = tcp\nexpect = (", 9).evidence.starts_with("cannot probe: not understood: expect: "));
  CHECK(verdict_of("type = tcp\nnonsense = 1", 9).evidence.starts_with("cannot probe: not understood: "));
}

TEST_CASE("http: what a server may answer, and what is said of it") {
  const std::string http = "type = http\n";
  judge({
      {"well", http, answering(ok("hi")), true, "HTTP status 200 in "},
      {"until it closes", http, answering("HTTP/1.0 200 OK\r\n\r\nhi"), true, "HTTP status 200 in "},
      {"in chunks", http + "body = ^abc$",
       answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"), true,
       "HTTP status 200 in "},
      {"in the part that is looked at", http + "body = ^cd$\nbody_not = a\nbody_from = 2\nbody_to = 4",
       answering(ok("abcde")), true, "HTTP status 200 in "},
      {"in that part over chunks", http + "body = ^bc$\nbody_from = 1\nbody_to = 3",
       answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n2\r\ncd\r\n0\r\n\r\n"), true,
       "HTTP status 200 in "},
      {"before that part", http + "body = a\nbody_from = 1", answering(ok("abc")), false, "body does not match `a'"},
      {"after that part", http + "body = c\nbody_to = 2", answering(ok("abc")), false, "body does not match `c'"},
      {"short of that part", http + "body = [a-c]\nbody_from = 9", answering(ok("abc")), false,
       "body does not match `[a-c]'"},
      {"with an error", http, answering("HTTP/1.1 500 Oh\r\n\r\n"), false, "HTTP status 500, wanted 200-299"},
      {"with a wanted error", http + "status = 200, 401-403", answering("HTTP/1.1 401 Oh\r\n\r\n"), true,
       "HTTP status 401 in "},
      {"with another", http + "status = 200, 401-403", answering("HTTP/1.1 400 Oh\r\n\r\n"), false,
       "HTTP status 400, wanted 200, 401-403"},
      {"with the body", http + "body = h.llo\nbody_not = wrong", answering(ok("hello")), true, "HTTP status 200"},
      {"without the body", http + "body = h.llo", answering(ok("goodbye")), false, "body does not match `h.llo'"},
      {"with the wrong body", http + "body_not = ERR", answering(ok("ERROR")), false, "body matches `ERR'"},
      {"with the digest", http + "digest = 5d41402abc4b2a76b9719d911017c592", answering(ok("hello")), true,
       "HTTP status 200"},
      {"with the long digest", http + "digest = 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
       answering(ok("hello")), true, "HTTP status 200"},
      {"with another digest", http + "digest = 5d41402abc4b2a76b9719d911017c592", answering(ok("help")), false,
       "digest of the body is "},
      {"no HTTP", http, answering("220 mail.example.net ESMTP\r\n"), false, "answer is not HTTP"},
      {"half", http, answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh"), false, "answer ends too early"},
      {"nothing", http, answering(""), false, "answer ends too early"},
      {"with a reset", http, [](Peer& peer) { peer.hear("\r\n\r\n"), peer.reset(); }, false, "connection reset"},
      {"not at all", http + "timeout = 300ms", [](Peer& peer) { peer.hang(); }, false, "no answer within 300 ms"},
      {"a byte at a time", http + "timeout = 500ms", [](Peer& peer) { drip(peer, ok(std::string(1000, 'x'))); }, false,
       "no answer within 500 ms"},
      {"a body a byte at a time", http + "timeout = 2s",
       [](Peer& peer) {
         if (peer.say("HTTP/1.1 200 OK\r\n\r\n")) drip(peer, std::string(1000, 'x'));
       },
       false, "HTTP status 200, but the answer is not complete within 2 s"},
      {"headers without end", http, [](Peer& peer) { flood(peer, "HTTP/1.1 200 OK\r\n", "X: y\r\n"); }, false,
       "headers longer than 16384 bytes"},
      {"ten gigabytes", http, answering("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n"), false,
       "answer longer than 1048576 bytes"},
      {"a body without end", http, [](Peer& peer) { flood(peer, "HTTP/1.1 200 OK\r\n\r\n", std::string(65536, 'x')); },
       false, "answer longer than 1048576 bytes"},
      {"a regex's nightmare", http + "body = ^(a+)+$", answering(ok(std::string(50'000, 'a') + "b")), false,
       "matching the answer with `^(a+)+$' takes too long"},
  });
}

TEST_CASE("http: the request is as the check says") {
  std::string heard;
  {
    const Listener server{[&](Peer& peer) { heard = peer.hear("\r\n\r\n"), peer.say("HTTP/1.0 204 x\r\n\r\n"); }};
    CHECK(verdict_of("type = http\nurl = /a?b\nmethod = HEAD\nhost = www\nhttp_version = 1.0", server.port()).good);
  }
  CHECK(heard.starts_with("HEAD /a?b HTTP/1.0\r\nHost: www\r\n"));
}

TEST_CASE("http: several urls are got in order, each must be good") {
  std::vector<std::string> heard;
  const auto talk = [&](Peer& peer) {
    const std::string request = peer.hear("\r\n\r\n");
    heard.push_back(request.substr(0, request.find(' ', 4)));
    peer.say(heard.back() == "GET /bad" ? "HTTP/1.1 404 No\r\n\r\n" : ok("x"));
    peer.hang();
  };
  {
    const Listener server{talk};
    CHECK(verdict_of("type = http\nurl = /one\nurl = /two", server.port()).good);
    CHECK(verdict_of("type = http\nurl = /one\nurl = /bad\nurl = /three", server.port()).evidence ==
          "HTTP status 404, wanted 200-299");
  }
  CHECK(heard == std::vector<std::string>{"GET /one", "GET /two", "GET /one", "GET /bad"});
}

}  // namespace stream_test
