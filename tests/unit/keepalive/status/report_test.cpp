#include "core/report.hpp"

#include <doctest/doctest.h>

#include "scene.hpp"

namespace keepalive::core {
namespace {

const std::deque<Journal> journal{
    {.sequence = 7, .time = seconds(1), .kind = "SERVER_UP", .object = "web/a", .text = "server web/a is up"},
    {.sequence = 8,
     .time = Time{2'000'250},
     .level = Journal::Level::alert,
     .kind = "SERVER_DOWN",
     .object = "web/a",
     .text = "server web/a is down",
     .cause = "connection refused"}};
const std::string first =
    R"({"sequence":7,"time":"1970-01-01T00:00:02.000000Z","level":"info","kind":"SERVER_UP","object":"web/a",)"
    R"("text":"server web/a is up","cause":""})";
const std::string second =
    R"({"sequence":8,"time":"1970-01-01T00:00:03.000250Z","level":"alert","kind":"SERVER_DOWN","object":"web/a",)"
    R"("text":"server web/a is down","cause":"connection refused"})";
const Circumstances boot{.boot = seconds(1)};

TEST_CASE("events: those after a number; `next` asks for what follows") {
  CHECK(events(journal, 0, boot) == R"({"events":[)" + first + "," + second + "],\"next\":8}\n");
  CHECK(events(journal, 7, boot) == R"({"events":[)" + second + "],\"next\":8}\n");
  CHECK(events(journal, 8, boot) == "{\"events\":[],\"next\":8}\n");
  CHECK(events(journal, UINT64_MAX, boot) == "{\"events\":[],\"next\":8}\n");
  CHECK(events({}, 3, boot) == "{\"events\":[],\"next\":0}\n");
}

TEST_CASE("events: a follower gets one in a line") { CHECK(event_line(journal[1], boot) == second + "\n"); }

TEST_CASE("plan: every edit in words, with its kind") {
  const ipvs::ServiceKey key = ipvs::VipKey{ipvs::Protocol::tcp, *ipvs::Endpoint::parse("10.0.0.100:80")};
  const ipvs::Destination server{.endpoint = *ipvs::Endpoint::parse("10.0.0.11:80")};
  CHECK(plan({.changes = {ipvs::AddService{{.key = key}}, ipvs::AddDestination{key, server}, ipvs::RemoveService{key}},
              .settings = {"a is 0, wanted 1"},
              .daemons = {"a daemon"},
              .probes = {.added = 2, .dropped = 1},
              .rules = true}) ==
        R"({"changes":[{"change":"add_service","text":"add TCP 10.0.0.100:80 wlc"},)"
        R"({"change":"add_destination","text":"add 10.0.0.11:80 direct route weight 1 to TCP 10.0.0.100:80"},)"
        R"({"change":"remove_service","text":"remove TCP 10.0.0.100:80"}],)"
        R"("settings":["a is 0, wanted 1"],"daemons":["a daemon"],"rules":true,"probes_added":2,"probes_dropped":1})"
        "\n");
  CHECK(plan({}) ==
        "{\"changes\":[],\"settings\":[],\"daemons\":[],\"rules\":false,\"probes_added\":0,\"probes_dropped\":0}\n");
}

TEST_CASE("the outcome of a reload, findings, faults") {
  CHECK(reloaded(3, 17, {"a", "b"}) == "{\"generation\":3,\"changes\":17,\"refusals\":[\"a\",\"b\"]}\n");
  CHECK(findings({{"warning", "ip_forward is 0", "net.ipv4.ip_forward", "sysctl -w net.ipv4.ip_forward=1"}}) ==
        R"({"findings":[{"level":"warning","what":"ip_forward is 0","where":"net.ipv4.ip_forward",)"
        R"("remedy":"sysctl -w net.ipv4.ip_forward=1"}]})"
        "\n");
  CHECK(fault("no such path") == "{\"error\":\"no such path\"}\n");
  CHECK(fault("refused", "a.conf:1: bad\n") == "{\"error\":\"refused\",\"diagnostics\":\"a.conf:1: bad\\n\"}\n");
}

TEST_CASE("RFC 3339: times are UTC with microseconds, of any year") {
  struct Row {
    std::int64_t microseconds;
    const char* text;
  };
  for (const Row& row :
       {Row{0, "1970-01-01T00:00:00.000000Z"}, Row{951'782'400'000'001, "2000-02-29T00:00:00.000001Z"},
        Row{4'102'444'799'999'999, "2099-12-31T23:59:59.999999Z"}, Row{-1, "1969-12-31T23:59:59.999999Z"}})
    CHECK(timestamp(Time{row.microseconds}) == row.text);
}

}  // namespace
}  // namespace keepalive::core
