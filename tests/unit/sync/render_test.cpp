#include "sync/render.hpp"

#include <doctest/doctest.h>

namespace render_test {

using namespace ipvs;
using namespace ipvs::sync;
using namespace std::chrono_literals;

namespace {

const Endpoint source = *Endpoint::parse("10.9.0.1:50000");

Entry entry() {
  return {.state = 1,
          .client = *Endpoint::parse("10.0.0.7:40000"),
          .virtual_endpoint = *Endpoint::parse("10.0.0.100:80"),
          .destination = *Endpoint::parse("10.0.0.11:8080"),
          .flags = 3,
          .fwmark = 7,
          .timeout = 900};
}

constexpr std::string_view status = R"({"host":"lvs2","faults":["no eth1"],"connections":300,"backup_daemon":true,
"kernel":299,"given":8,"waiting":0,"dropped":1,"missed":2,
"rejected":{"strangers":4,"overrun":0,"unreadable":5,"overdue":0},"channel":{"sessions":1,"refused":2,"pushed_out":0},"peers":[{"peer":"10.9.0.1:8849","host":"lvs1","connected":true,"fault":"",
"resync":"done","resynced":300,"resync_ms":40,"refusal":"","parity":{"percent":99.6,"common":299,"only_here":1,
"only_there":0,"age_ms":2500,"bytes":794,"took_ms":3},"reaches":true,"reached":false,"relay":{"up":true,"round_trip_us":900,"lag_us":450,"sent":7,
"unsent":0,"resent":1,"delivered":9,"reordered":0,"missed":1,"lost":0,"dropped":{"forged":3,"echo":0}}}]})";

}  // namespace

TEST_CASE("a datagram as text and as JSON") {
  CHECK(text_of({1, 51, {entry()}}, source, true) ==
        "10.9.0.1:50000 (own) version 1 id 51: 1 entries\n"
        "  TCP 10.0.0.7:40000 -> 10.0.0.100:80 -> 10.0.0.11:8080 ESTABLISHED mark 7 900 s\n");
  CHECK(json_of({1, 51, {entry()}}, source, false) ==
        "{\"source\":\"10.9.0.1:50000\",\"own\":false,\"version\":1,\"id\":51,\"entries\":[{\"protocol\":\"TCP\","
        "\"client\":\"10.0.0.7:40000\",\"virtual\":\"10.0.0.100:80\",\"server\":\"10.0.0.11:8080\",\"state\":"
        "\"ESTABLISHED\",\"flags\":3,\"mark\":7,\"timeout\":900,\"template\":false}]}\n");
}

TEST_CASE("senders as a table, with rates since the look before") {
  Traffic before;
  before.count(source, true, 44, {1, 51, {entry()}}, 0, 1s);
  Traffic traffic = before;
  traffic.count(source, true, 80, {1, 51, {entry(), entry()}}, 1, 2s);
  const std::string table = table_of(traffic, before, 4s);
  CHECK(table.substr(table.find('\n') + 1) ==
        "10.9.0.1:50000*           51  1          2          3        80      80      1     0      0       2 s\n");
}

TEST_CASE("the agent's status for people") {
  CHECK(render(Verb::status, status) ==
        "lvs2: 300 connections, 299 in the kernel; backup daemon listens; 8 datagrams given to the kernel, 0 waiting, "
        "1 dropped by it\n"
        "2 datagrams came faster than they were read\n"
        "kept from the kernel: strangers 4, unreadable 5\n"
        "channel: sessions 1, refused 2\n"
        "fault: no eth1\n"
        "peer 10.9.0.1:8849 (lvs1)\n"
        "  parity     99.6 %: 299 on both, 1 only here, 0 only there; 2 s ago, 794 bytes, 3 ms\n"
        "  resync     300 connections in 40 ms\n"
        "  multicast  comes there: yes, comes here: NO\n"
        "  relay      up: 7 sent, 1 sent again, 9 delivered, 0 lost, 900 us there and back, 450 us behind; dropped: "
        "forged 3\n");
  CHECK_FALSE(alarming(Verb::status, status));
  CHECK(alarming(Verb::status, R"({"error":"no"})"));
}

TEST_CASE("findings, and whether they are bad") {
  CHECK(render(Verb::doctor, R"({"findings":[]})") == "nothing found\n");
  constexpr std::string_view bad =
      R"({"findings":[{"fatal":true,"what":"no","remedy":"do"},{"fatal":false,"what":"a","remedy":"b"}]})";
  CHECK(render(Verb::doctor, bad) == "FAULT no\n      do\nnote  a\n      b\n");
  CHECK(alarming(Verb::doctor, bad));
  CHECK_FALSE(alarming(Verb::doctor, R"({"findings":[{"fatal":false,"what":"a","remedy":"b"}]})"));
}

TEST_CASE("what was begun goes on until each peer that is connected has done it") {
  const auto of = [](Verb verb, const std::string& peers) { return outcome(verb, "{\"peers\":[" + peers + "]}", 2s); };
  const std::string done = R"({"connected":true,"resync":"done","parity":{"percent":100,"age_ms":300}})";
  const std::string runs = R"({"connected":true,"resync":"runs","host":"done","parity":{"percent":1,"age_ms":9000}})";
  const std::string asked = R"({"connected":true,"resync":"asked"})";
  const std::string waits = R"({"connected":true,"resync":"waits","parity":{"percent":1,"age_ms":2001}})";
  const std::string away = R"({"connected":false,"resync":"runs","fault":"\"resync\":\"runs\""})";
  for (const Verb verb : {Verb::resync, Verb::parity}) {
    CHECK(of(verb, done) == Outcome::happened);
    CHECK(of(verb, done + "," + runs) == Outcome::goes_on);
    CHECK(of(verb, away + "," + asked) == Outcome::goes_on);
    CHECK(of(verb, away) == Outcome::failed);
    CHECK(of(verb, away + "," + done) == Outcome::failed);
    CHECK(of(verb, "") == Outcome::failed);
  }
  CHECK(of(Verb::resync, waits) == Outcome::failed);
  CHECK(of(Verb::resync, R"({"connected":true,"resync":"refused"})") == Outcome::failed);
  CHECK(of(Verb::parity, waits) == Outcome::goes_on);
  CHECK(outcome(Verb::parity, "{\"peers\":[" + waits + "]}", 15s) == Outcome::happened);
  CHECK(outcome(Verb::parity, R"({"peers":[{"connected":true,"resync":"none"}]})", 15s) == Outcome::failed);
}

TEST_CASE("what is not known yet is said to be so") {
  CHECK(render(Verb::differences, R"({"peers":[{"peer":"10.9.0.2:8849","compared":false,"only_here":[],"only_there":0},
      {"peer":"10.9.0.3:8849","compared":true,"only_here":[],"only_there":2}]})") ==
        "10.9.0.2:8849: not compared yet\nnot at 10.9.0.3:8849; 2 only there\n");
  const std::string text = render(Verb::status, R"({"peers":[{"peer":"10.9.0.2:8849","connected":false,"fault":""},
      {"peer":"10.9.0.3:8849","connected":false,"fault":"Connection refused"}]})");
  CHECK(text.find("peer 10.9.0.2:8849 not connected yet\n") != std::string::npos);
  CHECK(text.find("peer 10.9.0.3:8849 not connected: Connection refused\n") != std::string::npos);
}

TEST_CASE("what is no JSON renders as nothing known") {
  CHECK(render(Verb::status, "garbage").find("0 connections") != std::string::npos);
}

}  // namespace render_test
