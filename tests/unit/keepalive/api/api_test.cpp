#include "api.hpp"

#include <doctest/doctest.h>

#include "powers.hpp"

using namespace keepalive;

namespace {

struct Told {
  unsigned status = 0;
  std::string body = "";
};

Told ask(TestPowers& powers, const std::string& method, const std::string& target, const std::string& body = "") {
  const auto reply = std::make_shared<TestReply>();
  answer(powers, {.method = method, .target = target, .body = body}, reply);
  CHECK(reply->given == 1);
  return {.status = reply->status, .body = reply->body};
}

bool has(const Told& reply, std::string_view text) { return reply.body.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("each path has its method, and its status") {
  struct Row {
    std::string method;
    std::string target;
    std::string body;
    unsigned status;
  };
  const Row rows[] = {
      {"GET", "/metrics", "", 200},
      {"GET", "/v1/status", "", 200},
      {"GET", "/v1/status?x", "", 200},
      {"GET", "/v1//status", "", 404},
      {"GET", "/v1/overview", "", 200},
      {"GET", "/v1/overview?pools=", "", 200},
      {"GET", "/v1/overview?pools=web,none", "", 200},
      {"GET", "/v1/schema", "", 200},
      {"POST", "/v1/alerts/1/acknowledge", "", 404},
      {"POST", "/v1/alerts/x/acknowledge", "", 404},
      {"GET", "/v1/alerts/1/acknowledge", "", 405},
      {"GET", "/v1/plan", "", 200},
      {"GET", "/v1/events", "", 200},
      {"GET", "/v1/events?since=7", "", 200},
      {"GET", "/v1/events?since=7&follow=1", "", 200},
      {"GET", "/v1/events?since=x", "", 400},
      {"GET", "/v1/events?since=99999999999999999999", "", 400},
      {"GET", "/v1/doctor", "", 200},
      {"GET", "/v1/explain/web", "", 200},
      {"GET", "/v1/explain/nothing", "", 404},
      {"GET", "/v1/servers/web%2Fb", "", 200},
      {"GET", "/v1/servers/web%2fb", "", 200},
      {"GET", "/v1/servers/b", "", 200},
      {"GET", "/v1/servers/x", "", 404},
      {"GET", "/v1/servers/web/b", "", 404},
      {"GET", "/v1/servers/web%2", "", 400},
      {"GET", "/v1/servers/web%zzb", "", 400},
      {"GET", "/v1/events?since=%", "", 400},
      {"POST", "/v1/reload", "", 200},
      {"GET", "/v1/reload", "", 405},
      {"POST", "/v1/restart", "", 200},
      {"GET", "/v1/restart", "", 405},
      {"POST", "/v1/status", "", 405},
      {"DELETE", "/v1/servers/b", "", 405},
      {"GET", "/", "", 404},
      {"GET", "", "", 404},
      {"GET", "/v2/status", "", 404},
  };
  for (const Row& row : rows) {
    CAPTURE(row.method + " " + row.target);
    TestPowers powers;
    CHECK(ask(powers, row.method, row.target, row.body).status == row.status);
  }
}

TEST_CASE("bodies: what is no object, or has what does not belong there, changes nothing") {
  struct Row {
    std::string verb;
    std::string body;
    unsigned status;
  };
  const Row rows[] = {
      {"drain", "", 200},
      {"drain", "{}", 200},
      {"drain", R"({"deadline_ms":0})", 200},
      {"drain", R"({"deadline_ms":-1})", 400},
      {"drain", R"({"deadline_ms":1.5})", 400},
      {"drain", R"({"deadline_ms":"60s"})", 400},
      {"drain", R"({"deadline":1})", 400},
      {"weight", R"({"weight":7})", 200},
      {"weight", R"({"weight":2147483648})", 400},
      {"weight", "{}", 400},
      {"weight", "", 400},
      {"disable", "", 200},
      {"disable", "[]", 400},
      {"disable", "{", 400},
      {"disable", R"({"weight":7})", 400},
      {"enable", "nonsense", 400},
      {"enable", "{}", 200},
      {"undrain", R"({"x":1})", 400},
      {"undrain", "{}", 200},
      {"undrain", std::string(100000, '['), 400},
  };
  for (const Row& row : rows) {
    CAPTURE(row.verb + " " + row.body.substr(0, 40));
    TestPowers powers;
    const Told reply = ask(powers, "POST", "/v1/servers/web%2Fb/" + row.verb, row.body);
    CHECK(reply.status == row.status);
    const bool told = powers.engine().journal().back().kind == "OPERATOR";
    const bool back = row.verb == "enable" || row.verb == "undrain";
    if (!back) CHECK(told == (row.status == 200));
  }
}

TEST_CASE("a server's figures take the counters of its own services only") {
  const std::string more = core::two_servers + R"(
[pool mail]
server = 10.0.1.11:25
[virtual_server mail]
address = 10.0.0.100:25, 10.0.0.101:25
pool = mail
)";
  struct Row {
    std::string method;
    std::string target;
    std::string counted;
  };
  const Row rows[] = {{"GET", "/v1/status", "all"},
                      {"GET", "/v1/overview", "all"},
                      {"GET", "/v1/overview?pools=mail,none", "2"},
                      {"GET", "/v1/overview?pools=mail,none&rates=1", "all, servers of 2"},
                      {"GET", "/metrics", "all"},
                      {"GET", "/v1/servers/b", "1"},
                      {"POST", "/v1/servers/b/disable", "1"},
                      {"GET", "/v1/servers/mail%2F10.0.1.11:25", "2"},
                      {"GET", "/v1/explain/mail", "2"},
                      {"GET", "/v1/explain/site", "1"},
                      {"GET", "/v1/explain/10.0.0.101:25", "2"},
                      {"GET", "/v1/explain/nothing", "0"}};
  for (const Row& row : rows) {
    CAPTURE(row.target);
    TestPowers powers{more};
    ask(powers, row.method, row.target);
    CHECK(powers.counted == row.counted);
  }
}

TEST_CASE("a reload tells what the kernel refused; faults come with their text") {
  TestPowers powers;
  powers.outcome = {.changes = 2, .refusals = {"add service TCP 10.0.0.100:80: No such file or directory"}};
  CHECK(
      ask(powers, "POST", "/v1/reload").body ==
      "{\"generation\":1,\"changes\":2,\"refusals\":[\"add service TCP 10.0.0.100:80: No such file or directory\"]}\n");
  powers.outcome = {.fault = "a.conf:1:1: error: bad\n"};
  powers.faults = {{{"a.conf", 1, 1}, "bad", ""}};
  for (const auto& [method, target] : {std::pair{"POST", "/v1/reload"}, std::pair{"GET", "/v1/plan"}}) {
    const Told refused = ask(powers, method, target);
    CHECK(refused.status == 409);
    CHECK(has(refused, R"("diagnostics":"a.conf:1:1: error: bad\n)"));
  }
}

TEST_CASE("a plan that the kernel's table cannot be read for blames no configuration") {
  TestPowers powers;
  powers.refusal = "get services: No such file or directory";
  const Told refused = ask(powers, "GET", "/v1/plan");
  CHECK(refused.status == 503);
  CHECK(has(refused, "the kernel's table cannot be read: get services: No such file or directory"));
  CHECK(!has(refused, "diagnostics"));
}

TEST_CASE("a restart is answered first: the process tells that it has happened") {
  TestPowers powers;
  CHECK(ask(powers, "POST", "/v1/restart").body == "{\"process\":7}\n");
  CHECK(powers.renewed);
}

TEST_CASE("followers get what was, and are handed over") {
  TestPowers powers;
  ask(powers, "POST", "/v1/servers/b/disable");
  const Told reply = ask(powers, "GET", "/v1/events?follow=1");
  CHECK(has(reply, R"("kind":"OPERATOR")"));
  CHECK(powers.followed);
  TestPowers others;
  CHECK(ask(others, "GET", "/v1/events?follow=1&since=1000").body.empty());
}

namespace {

const std::string router = "[vrrp v1]\ninterface = eth0\nid = 51\npriority = 100\naddresses = 10.0.0.100/24\n";

}  // namespace

TEST_CASE("a switchover is answered when the router has told of it, and is in the journal") {
  TestPowers powers{router};
  const std::string path = "/v1/vrrp/v1/switchover";
  CHECK(has(ask(powers, "POST", path), "nothing is heard of vrrp v1 yet"));
  powers.handle(core::vrrp::Statuses{.list = {TestPowers::router("v1", true)}});
  const Told backup = ask(powers, "POST", path);
  CHECK(backup.status == 200);
  CHECK(has(backup, R"("name":"v1")"));
  CHECK(has(backup, R"("state":"backup")"));
  CHECK(powers.engine().journal().back().text == "vrrp v1 is to be backup");
  CHECK(has(ask(powers, "POST", path), R"("state":"master")"));
  CHECK(has(ask(powers, "POST", path, R"({"to":"master"})"), R"("warning":"vrrp v1 was master already")"));
  CHECK(has(ask(powers, "POST", path, R"({"to":"backup"})"), R"("state":"backup")"));
}

TEST_CASE("a switchover of what is not there, to what is no state, or that nobody tells of") {
  TestPowers powers{router};
  powers.handle(core::vrrp::Statuses{.list = {TestPowers::router("v1", true)}});
  const Told nobody = ask(powers, "POST", "/v1/vrrp/v2/switchover");
  CHECK(nobody.status == 404);
  CHECK(has(nobody, "no virtual router is called `v2'; did you mean `v1'?"));
  for (const char* body : {R"({"to":"fault"})", R"({"to":1})", R"({"x":1})", "["})
    CHECK(ask(powers, "POST", "/v1/vrrp/v1/switchover", body).status == 400);
  CHECK(ask(powers, "GET", "/v1/vrrp/v1/switchover").status == 405);
  powers.tells = false;
  const Told late = ask(powers, "POST", "/v1/vrrp/v1/switchover");
  CHECK(late.status == 504);
  CHECK(has(late, "vrrp v1 has not told within 5 s that it is backup"));
}

TEST_CASE("what a connection may do is looked at before anything is done") {
  struct Row {
    std::string method;
    std::string target;
    Monitor::Allow need;
  };
  using Allow = Monitor::Allow;
  const Row rows[] = {
      {"GET", "/metrics", Allow::read},
      {"GET", "/v1/status", Allow::read},
      {"GET", "/v1/overview", Allow::read},
      {"GET", "/v1/schema", Allow::read},
      {"GET", "/v1/plan", Allow::read},
      {"GET", "/v1/events", Allow::read},
      {"GET", "/v1/doctor", Allow::read},
      {"GET", "/v1/explain/web", Allow::read},
      {"GET", "/v1/servers/b", Allow::read},
      {"GET", "/v1/sync/status", Allow::read},
      {"POST", "/v1/sync/compare", Allow::operate},
      {"POST", "/v1/sync/resync", Allow::operate},
      {"POST", "/v1/vrrp/v1/switchover", Allow::operate},
      {"POST", "/v1/servers/b/drain", Allow::operate},
      {"POST", "/v1/servers/b/undrain", Allow::operate},
      {"POST", "/v1/servers/b/weight", Allow::operate},
      {"POST", "/v1/servers/b/enable", Allow::operate},
      {"POST", "/v1/servers/b/disable", Allow::operate},
      {"POST", "/v1/alerts/1/acknowledge", Allow::operate},
      {"POST", "/v1/reload", Allow::configure},
      {"POST", "/v1/restart", Allow::configure},
      {"GET", "/v1/config", Allow::configure},
      {"GET", "/v1/config/versions/1", Allow::configure},
      {"POST", "/v1/config/check", Allow::configure},
      {"POST", "/v1/config/apply", Allow::configure},
      {"POST", "/v1/config/confirm", Allow::configure},
      {"POST", "/v1/config/rollback", Allow::configure},
  };
  for (const Row& row : rows)
    for (const Allow allow : {Allow::read, Allow::operate, Allow::configure}) {
      CAPTURE(row.method + " " + row.target);
      TestPowers powers;
      const auto reply = std::make_shared<TestReply>();
      const std::size_t entries = powers.engine().journal().size();
      answer(powers, {.method = row.method, .target = row.target}, reply, allow);
      const bool refused = reply->status == 403;
      CHECK(refused == (row.need > allow));
      if (refused) CHECK(powers.engine().journal().size() == entries);
      if (refused) CHECK(reply->body.find("see [monitor] allow") != std::string::npos);
      if (refused) CHECK(powers.told.empty());
    }
}

TEST_CASE("the agent of connection sync is asked in its words, for no more lines than it has") {
  struct Row {
    std::string target;
    unsigned status;
    std::string question;
  };
  const Row rows[] = {
      {"status?count=5", 200, "status"},
      {"connections", 200, "connections client 20"},
      {"connections?by=server&count=50", 200, "connections server 50"},
      {"differences?by=server", 200, "differences 100"},
      {"differences?count=10000", 200, "differences 10000"},
      {"connections?by=client%201", 400, ""},
      {"connections?count=0", 400, ""},
      {"connections?count=10001", 400, ""},
      {"connections?count=-1", 400, ""},
      {"nothing", 404, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.target);
    TestPowers powers;
    powers.agent = true;
    const Told told = ask(powers, "GET", "/v1/sync/" + row.target);
    CHECK(told.status == row.status);
    if (row.status == 200) CHECK(told.body == "{\"asked\":\"" + row.question + "\"}");
  }
  TestPowers powers;
  CHECK(ask(powers, "GET", "/v1/sync/connections").status == 409);
}

TEST_CASE("the journal names who operates on a server or a virtual router") {
  TestPowers powers{core::two_servers + router};
  powers.handle(core::vrrp::Statuses{.list = {TestPowers::router("v1", true)}});
  for (const std::string target :
       {"/v1/servers/web%2Fb/drain", "/v1/servers/web%2Fb/undrain", "/v1/vrrp/v1/switchover"}) {
    CAPTURE(target);
    answer(powers, {.method = "POST", .target = target, .body = "{}", .by = "ada"}, std::make_shared<TestReply>());
    CHECK(powers.engine().journal().back().kind == "OPERATOR");
    CHECK(powers.engine().journal().back().cause == "ada asked for it");
  }
}

TEST_CASE("an alert is acknowledged by who asks, in nobody else's name") {
  const std::string text = core::two_servers;
  for (const std::string by : {"root", "anna"}) {
    TestPowers powers{text};
    powers.handle(core::Refused{.faults = 1, .first = "bad"});
    const auto sequence = std::to_string(powers.engine().journal().back().sequence);
    const std::string target = "/v1/alerts/" + sequence + "/acknowledge";
    const auto reply = std::make_shared<TestReply>();
    answer(powers, {.method = "POST", .target = target, .body = "{}", .by = by}, reply);
    CHECK(reply->status == 200);
    CHECK(reply->body.starts_with("{\"sequence\":" + sequence + ",\"acknowledged\":{\"by\":\"" + by + "\",\"at\":"));
    CHECK(powers.engine().alerts().list().front().acknowledged->by == by);
    CHECK(powers.engine().journal().back().kind == "ALERT_ACKNOWLEDGED");
    CHECK(ask(powers, "POST", "/v1/alerts/999/acknowledge").status == 404);
    CHECK(ask(powers, "POST", target, R"({"by":"otto"})").status == 400);
  }
}
