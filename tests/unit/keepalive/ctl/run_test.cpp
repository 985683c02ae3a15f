#include "run.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "daemon.hpp"
#include "parse.hpp"

namespace keepalive::ctl {
namespace {

struct Told {
  Exit exit = Exit::done;
  std::string out = "";
  std::string err = "";

  friend bool operator==(const Told&, const Told&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Told& told) {
    return out << static_cast<int>(told.exit) << "\nout: " << told.out << "\nerr: " << told.err;
  }
};

Told tell(const std::string& path, const std::vector<std::string>& words) {
  std::ostringstream out;
  std::ostringstream err;
  const auto command = parse(words);
  REQUIRE(command.has_value());
  Session session{.client = Client{path}, .out = out, .err = err, .pause = std::chrono::milliseconds{1}};
  const Exit exit = run(session, *command);
  return {exit, out.str(), err.str()};
}

using Requests = std::vector<std::string>;

TEST_CASE("each command asks for its own, and shows the answer") {
  const std::string server = R"({"pool":"web","name":"b","state":"up","overlay":null,"effective_weight":7})";
  struct Row {
    std::vector<std::string> words;
    std::string request;
    std::string body;
    std::string out;
  };
  const Row rows[] = {
      {{"status", "--json"}, "GET /v1/status", "{}\n", "{}\n"},
      {{"explain", "web/10.0.0.11:80", "--json"}, "GET /v1/explain/web%2F10.0.0.11%3A80", "{\"x\":1}\n", "{\"x\":1}\n"},
      {{"events", "--since", "7", "--json"}, "GET /v1/events?since=7", "{}", "{}"},
      {{"doctor"}, "GET /v1/doctor", "{}", "nothing is found that stops traffic\n"},
      {{"metrics"}, "GET /metrics", "# EOF\n", "# EOF\n"},
      {{"plan"}, "GET /v1/plan", "{}", "nothing in the kernel would change\n"},
      {{"reload"},
       "POST /v1/reload {}",
       R"({"generation":2,"changes":3})",
       "configuration 2 is in effect: 3 changes of the kernel's table\n"},
      {{"drain", "b", "--deadline", "60s"},
       "POST /v1/servers/b/drain {\"deadline_ms\":60000}",
       server,
       "web/b is up, weight 7\n"},
      {{"drain", "b"}, "POST /v1/servers/b/drain {}", server, "web/b is up, weight 7\n"},
      {{"undrain", "b"}, "POST /v1/servers/b/undrain {}", server, "web/b is up, weight 7\n"},
      {{"weight", "web/b", "7"}, "POST /v1/servers/web%2Fb/weight {\"weight\":7}", server, "web/b is up, weight 7\n"},
      {{"enable", "b"}, "POST /v1/servers/b/enable {}", server, "web/b is up, weight 7\n"},
      {{"disable", "b"}, "POST /v1/servers/b/disable {}", server, "web/b is up, weight 7\n"},
      {{"switchover", "v1"},
       "POST /v1/vrrp/v1/switchover {}",
       R"({"name":"v1","state":"backup","cause":"an operator asked for it"})",
       "v1 is backup: an operator asked for it\n"},
      {{"switchover", "v1", "--to", "master", "--json"},
       "POST /v1/vrrp/v1/switchover {\"to\":\"master\"}",
       "{}\n",
       "{}\n"},
  };
  for (const Row& row : rows) {
    Daemon daemon{{http(200, row.body)}};
    CHECK(tell(daemon.path(), row.words) == Told{Exit::done, row.out, ""});
    CHECK(daemon.requests() == Requests{row.request});
  }
}

TEST_CASE("what the daemon warns of goes to stderr, and is no refusal") {
  const std::string server =
      R"({"pool":"web","name":"b","state":"up","overlay":{"kind":"disable"},"warning":"nobody is left"})";
  for (const char* verb : {"disable", "drain"}) {
    Daemon daemon{{http(200, server)}};
    CHECK(tell(daemon.path(), {verb, "b"}) ==
          Told{Exit::done, "web/b is up, disabled: not in the table\n", "keepalivectl: warning: nobody is left\n"});
  }
}

TEST_CASE("a refusal is exit code 1, with what the daemon said") {
  Daemon daemon{{http(409, R"({"error":"the configuration has faults","diagnostics":"a.conf:1:1: error: bad\n"})")}};
  CHECK(tell(daemon.path(), {"reload"}) ==
        Told{Exit::refused, "", "keepalivectl: the configuration has faults\na.conf:1:1: error: bad\n"});
}

TEST_CASE("a reload that the kernel took in part is exit code 1, with what it refused") {
  const std::string body = R"({"generation":2,"changes":3,"refusals":["add service a: no","add service b: no"]})";
  const std::string in_effect = "configuration 2 is in effect: 3 changes of the kernel's table\n";
  Daemon daemon{{http(200, body)}};
  CHECK(tell(daemon.path(), {"reload"}) ==
        Told{Exit::refused, in_effect + "refused: add service a: no\nrefused: add service b: no\n", ""});
}

TEST_CASE("no daemon is exit code 3, with the socket and what to do") {
  CHECK(tell("/nowhere/control", {"status"}) ==
        Told{Exit::unreachable, "",
             "keepalivectl: cannot reach keepalive at /nowhere/control: No such file or directory\n"
             "is it running? `systemctl status keepalive'; another one: --instance, --socket\n"});
  const std::string longest(200, 'x');
  CHECK(tell(longest, {"status"}).err.find("File name too long") != std::string::npos);
}

TEST_CASE("half an answer, or none, is exit code 3") {
  Daemon half{{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal"}};
  CHECK(tell(half.path(), {"status"}) ==
        Told{Exit::unreachable, "", "keepalivectl: keepalive at " + half.path() + " closed the connection\n"});
  Daemon other{{"220 mail.example.net ESMTP\r\n\r\n"}};
  CHECK(tell(other.path(), {"status"}) ==
        Told{Exit::unreachable, "", "keepalivectl: what listens at " + other.path() + " is not keepalive\n"});
}

TEST_CASE("a daemon that does not answer is waited for so long and no longer") {
  Daemon daemon{{""}};
  const auto reply = Client{daemon.path(), std::chrono::milliseconds{10}}.get("/v1/status");
  CHECK(reply.error() == "keepalive at " + daemon.path() + " does not answer: its log may tell why");
}

TEST_CASE("events --follow shows the last ten, then each as it comes, until the daemon ends") {
  const std::string event = R"({"sequence":8,"time":"T","level":"info","text":"server web/b is up","cause":""})";
  const std::string stream = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto chunk = [](const std::string& text) {
    std::ostringstream out;
    out << std::hex << text.size() << "\r\n" << text << "\r\n";
    return std::move(out).str();
  };
  Daemon daemon{{http(200, R"({"events":[],"next":25})"),
                 stream + chunk(event.substr(0, 20)) + chunk(event.substr(20) + "\n" + event + "\n") + "0\r\n\r\n"}};
  const std::string line = "8 T info    server web/b is up\n";
  CHECK(tell(daemon.path(), {"events", "--follow"}) ==
        Told{Exit::unreachable, line + line, "keepalivectl: keepalive has ended\n"});
  CHECK(daemon.requests() == Requests{"GET /v1/events?since=9223372036854775807", "GET /v1/events?since=15&follow=1"});
}

std::string draining(int active, const char* rest) {
  return http(200, R"({"pool":"web","name":"b","state":"up","active_connections":)" + std::to_string(active) +
                       R"(,"inactive_connections":0,"overlay":)" + rest + "}");
}

TEST_CASE("drain --wait tells the connections as they go, and how it ended") {
  const char* const open = R"({"kind":"drain","deadline":null,"gone":false})";
  const char* const gone = R"({"kind":"drain","deadline":null,"gone":true})";
  const auto ended = [&](const std::string& kind) {
    Daemon daemon{{http(200, R"({"events":[],"next":25})"), draining(3, open), draining(3, open), draining(3, open),
                   draining(1, open), draining(0, gone),
                   http(200, R"({"events":[{"kind":")" + kind + R"(","object":"web/b"}],"next":26})")}};
    Told told = tell(daemon.path(), {"drain", "b", "--wait"});
    CHECK(daemon.requests() == Requests{"GET /v1/events?since=9223372036854775807", "POST /v1/servers/b/drain {}",
                                        "GET /v1/servers/b", "GET /v1/servers/b", "GET /v1/servers/b",
                                        "GET /v1/servers/b", "GET /v1/events?since=25"});
    return told;
  };
  const std::string progress =
      "web/b is up, drains: 3 active and 0 inactive connections\n"
      "web/b is up, drains: 1 active and 0 inactive connections\n";
  CHECK(ended("DRAINED") == Told{Exit::done, progress + "web/b is taken out: no connection is left\n", ""});
  CHECK(ended("DRAIN_DEADLINE") ==
        Told{Exit::done,
             progress + "web/b is taken out: the deadline is over, 1 active and 0 inactive connections last seen\n",
             ""});
}

TEST_CASE("drain --wait ends when somebody takes the server back") {
  Daemon daemon{
      {http(200, R"({"events":[],"next":25})"), draining(3, R"({"kind":"drain","gone":false})"), draining(3, "null")}};
  CHECK(tell(daemon.path(), {"drain", "b", "--wait"}) ==
        Told{Exit::refused, "", "keepalivectl: web/b drains no more: somebody took it back\n"});
}

TEST_CASE("status --watch looks again and again, until the daemon is gone") {
  const std::string status = http(200, R"({"version":"1","config":{}})");
  Daemon daemon{{status, status}};
  std::ostringstream out;
  std::ostringstream err;
  Session session{.client = Client{daemon.path()},
                  .out = out,
                  .err = err,
                  .terminal = true,
                  .rows = 24,
                  .pause = std::chrono::milliseconds{1}};
  CHECK(run(session, {.watch = true}) == Exit::unreachable);
  const std::string screen =
      "\033[Hkeepalive 1, no configuration yet\033[K\n0 virtual services, 0 servers\033[K\n\033[J";
  CHECK(out.str() == screen + screen);
  CHECK(daemon.requests() == Requests{"GET /v1/status", "GET /v1/status"});
}

TEST_CASE("a screen shows what fits, and tells of the rest") {
  CHECK(fitted("a\nb\nc\n", 0) == "a\nb\nc\n");
  CHECK(fitted("a\nb\nc\n", 4) == "a\nb\nc\n");
  CHECK(fitted("a\nb\nc\nd\n", 4) == "a\nb\n… 2 more lines\n");
}

TEST_CASE("help and version need no daemon") {
  CHECK(tell("/nowhere", {"--help"}) == Told{Exit::done, help(), ""});
  CHECK(tell("/nowhere", {"--version"}).out.starts_with("keepalivectl "));
}

}  // namespace
}  // namespace keepalive::ctl
