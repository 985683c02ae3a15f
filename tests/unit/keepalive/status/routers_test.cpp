// Virtual routers, wherever they are told of: status, explain, metrics, doctor.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/doctor.hpp"
#include "core/explain.hpp"
#include "core/metrics.hpp"
#include "core/standing.hpp"
#include "core/status.hpp"
#include "scene.hpp"

namespace keepalive::core {
namespace {

const std::string routers = R"(
[check uplink]
type = ping
address = 10.0.0.254
[vrrp v1]
interface = eth0
id = 51
priority = 200
addresses = 10.0.0.100/24
failback = delayed 30s
group = g
track = script uplink weight -30, interface eth1
[vrrp v2]
interface = eth0
id = 52
priority = 200
addresses = 10.0.0.101/24
group = g
)";

ipvs::Address at(const char* text) { return *ipvs::Address::parse(text); }

/// A backup that hears a master of lower priority, and has dropped a packet.
vrrp::Status backup() {
  return {.name = "v1",
          .state = vrrp::State::backup,
          .since = seconds(2),
          .cause = "started",
          .priority = 170,
          .source = at("10.0.0.1"),
          .faults = {},
          .master = at("10.0.0.2"),
          .master_priority = 100,
          .master_down = Time{3'336'000},
          .failback_at = seconds(34),
          .tracked = {vrrp::Condition::down, vrrp::Condition::up},
          .sent = 3,
          .heard = 7,
          .unproven = 4,
          .dropped = {0, 0, 0, 0, 0, 2}};
}

void tell(Given& given, std::vector<vrrp::Status> list) {
  vrrp::Statuses news{.list = std::move(list), .gone = {}, .lateness = {}};
  for (const int late : {900, 1000, 1500}) news.lateness.add(Time{late});
  given.engine.step(news, seconds(3));
}

std::string told(const Given& given, std::string_view object) {
  return explain(given.engine, given.circumstances, {}, object, seconds(4)).value_or("nothing");
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_CASE("status: a virtual router as its process tells, with what it tracks; none of it is a pool") {
  Given given{routers};
  given.turn_tracked(0, State::down, "no answer", seconds(1));
  tell(given, {backup()});
  const std::string text = status(given.engine, given.circumstances, {}, seconds(4));
  CHECK(has(text, "\"pools\":[],"));
  CHECK(has(text, R"("vrrp":[{"name":"v1","interface":"eth0","id":51,"version":3,"family":"ipv4","state":"backup",)"
                  R"("since":"2023-11-14T22:13:22.000000Z","cause":"started","priority":200,"failback":"delayed",)"
                  R"("failback_delay_us":30000000,"group":"g","addresses":1,"transitions":0,"tracked":[)"
                  R"({"kind":"script","name":"uplink","weight":-30,"state":"down","checks":[{"name":"uplink",)"));
  CHECK(has(text, R"({"kind":"interface","name":"eth1","weight":0,"state":"up","checks":[]}],)"
                  R"("effective_priority":170,"source":"10.0.0.1","master":{"address":"10.0.0.2","priority":100},)"
                  R"("master_down_us":3336000,"failback_at":"2023-11-14T22:13:54.000000Z","unsynced_since":null,)"
                  R"("yielded":false,)"
                  R"("rival":false,"partition_since":null,"held_since":null,"faults":[],"sent":3,"heard":7,)"
                  R"("unproven":4,"dropped":[{"reason":"checksum","count":2}]})"));
}

TEST_CASE("status: a virtual router of which nothing was heard is unknown") {
  const Given given{routers};
  const std::string text = status(given.engine, given.circumstances, {}, seconds(4));
  CHECK(has(text, R"({"name":"v2","interface":"eth0","id":52,"version":3,"family":"ipv4","state":"unknown",)"
                  R"("since":null,"cause":"","priority":200,"failback":"immediate","failback_delay_us":null,)"));
}

TEST_CASE("explain: a backup: when it takes over, what it tracks, what it dropped") {
  Given given{routers};
  given.turn_tracked(0, State::down, "no answer", seconds(1));
  tell(given, {backup()});
  CHECK(told(given, "v1") ==
        R"({"object":"v1","state":"backup","since":"2023-11-14T22:13:22.000000Z","lines":[)"
        R"("vrrp v1: id 51 on eth0, version 3, 1 address, moves with group g",)"
        R"("it is backup since 2023-11-14T22:13:22.000000Z, 2 s ago: started",)"
        R"("priority 170, 200 in the file: because of what it tracks, or because an operator made it master",)"
        R"("the last advertisement came from 10.0.0.2, priority 100",)"
        R"("it takes over when nothing is heard for 3336 ms",)"
        R"("failback: it takes over from the lower priority in 30 s",)"
        R"("tracks script uplink, which is down: no answer; weight -30 while it is down",)"
        R"("tracks interface eth1, which is up; a fault while it is down",)"
        R"("advertisements: 3 sent, 7 heard","heard without an HMAC: 4","dropped: checksum, 2 times"]})"
        "\n");
}

TEST_CASE("explain: faults have their age; what was not heard of is told so") {
  Given given{routers};
  CHECK(has(told(given, "v1"), "nothing is heard of it yet: its process may not run"));
  vrrp::Status fault = backup();
  fault.state = vrrp::State::fault;
  fault.faults = {{"interface eth1 is down", seconds(1)}};
  tell(given, {fault});
  CHECK(has(told(given, "v1"),
            "\"fault: interface eth1 is down, for 3 s\",\"it is backup again when no fault is left\""));
  CHECK(told(given, "track/script/uplink") == "nothing");
}

TEST_CASE("what is tracked is called so, and is no pool") {
  Given given{routers};
  given.turn_tracked(0, State::down, "no answer", seconds(1));
  const Journal& last = given.engine.journal().back();
  CHECK(last.object == "track/script/uplink");
  CHECK(last.text == "tracked script uplink is down");
  CHECK(standing(given.engine, Silence{given.engine.config()}, Time{0}).list.front().text == last.text);
  CHECK(!has(status(given.engine, given.circumstances, {}, seconds(4)), "track/"));
}

TEST_CASE("what is tracked is no server: nobody can drain it") {
  const Given given{routers};
  for (const char* word : {"uplink", "track/script/uplink", "track/script/uplink/uplink"})
    CHECK(find_server(given.engine.config(), word).error() == fmt::format("no server is called `{}'", word));
}

TEST_CASE("status and metrics: how late advertisements went out, where there are virtual routers") {
  Given given{routers};
  tell(given, {backup()});
  tell(given, {});  // adds up
  CHECK(has(status(given.engine, given.circumstances, {}, seconds(4)),
            R"("vrrp_lateness":{"worst_us":1500,"sum_us":6800,"count":6,"buckets":[{"to_us":1000,"count":4},)"
            R"({"to_us":2000,"count":2},{"to_us":5000,"count":0},)"));
  CHECK(has(status(given.engine, given.circumstances, {}, seconds(4)),
            R"({"to_us":null,"count":0}]},"heartbeats":[],"witnesses":[],"drift":[],)"));
  const std::string text = metrics(given.engine, given.circumstances, {});
  const std::string name = "keepalive_vrrp_advertisement_lateness_seconds";
  CHECK(has(text, "# TYPE " + name + " histogram\n# UNIT " + name + " seconds\n# HELP " + name + " "));
  CHECK(has(text, name + "_bucket{le=\"0.001\"} 4\n" + name + "_bucket{le=\"0.002\"} 6\n"));
  CHECK(has(text, name + "_bucket{le=\"0.5\"} 6\n" + name + "_bucket{le=\"1.0\"} 6\n" + name +
                      "_bucket{le=\"+Inf\"} 6\n" + name + "_count 6\n" + name + "_sum 0.0068\n"));
  CHECK(!has(status(Given{"[global]\n"}.engine, given.circumstances, {}, seconds(4)), "vrrp_lateness"));
}

TEST_CASE("metrics: states, priority, packets dropped by reason; what is tracked has no pool") {
  Given given{routers};
  tell(given, {backup()});
  const std::string text = metrics(given.engine, given.circumstances, {});
  for (const char* line :
       {"keepalive_vrrp_state{vrrp=\"v1\",state=\"master\"} 0\n",
        "keepalive_vrrp_state{vrrp=\"v1\",state=\"backup\"} 1\n",
        "keepalive_vrrp_state{vrrp=\"v2\",state=\"backup\"} 0\n", "keepalive_vrrp_priority{vrrp=\"v1\"} 170\n",
        "keepalive_vrrp_since_timestamp_seconds{vrrp=\"v1\"} 1700000002\n", "keepalive_vrrp_faults{vrrp=\"v1\"} 0\n",
        "keepalive_vrrp_transitions_total{vrrp=\"v1\"} 0\n",
        "keepalive_vrrp_advertisements_sent_total{vrrp=\"v1\"} 3\n",
        "keepalive_vrrp_advertisements_received_total{vrrp=\"v1\"} 7\n",
        "keepalive_vrrp_advertisements_dropped_total{vrrp=\"v1\",reason=\"checksum\"} 2\n",
        "keepalive_vrrp_advertisements_unproven_total{vrrp=\"v1\"} 4\n", "keepalive_vrrp_lateness_seconds 0.0015\n",
        "keepalive_check_up{track=\"uplink\",kind=\"script\",check=\"uplink\"} NaN\n"}) {
    CAPTURE(line);
    CHECK(has(text, line));
  }
  CHECK(!has(text, "pool=\""));
  CHECK(!has(text, "keepalive_vrrp_priority{vrrp=\"v2\"}"));
}

std::string found(const Given& given, const HostFacts& facts) {
  std::string text;
  for (const Finding& one : examine(given.engine, given.circumstances, facts))
    text += fmt::format("{}: {} ({})\n", one.level, one.what, one.where);
  return text;
}

TEST_CASE("the doctor: routers in fault, unheard of, with a rival, and groups that are not in one state") {
  const HostFacts sound{.sysctls = {{"net.ipv4.ping_group_range", "0\t1"}}, .interfaces = {"eth0", "eth1"}};
  Given given{routers};
  CHECK(found(given, sound) ==
        "fault: nothing is heard of this virtual router: its process may not run ([vrrp v1])\n"
        "fault: nothing is heard of this virtual router: its process may not run ([vrrp v2])\n");
  vrrp::Status other = backup();
  other.name = "v2";
  tell(given, {backup(), other});
  CHECK(found(given, sound).empty());
  CHECK(found(given, {.sysctls = sound.sysctls, .interfaces = {"eth0"}}) ==
        "warning: there is no interface eth1, which is tracked ([vrrp v1])\n");
  other.state = vrrp::State::master;
  other.rival = true;
  vrrp::Status fault = backup();
  fault.faults = {{"interface eth1 is down", seconds(1)}};
  tell(given, {fault, other});
  CHECK(found(given, sound) ==
        "fault: interface eth1 is down ([vrrp v1])\n"
        "fault: two masters: 10.0.0.2 is one, too ([vrrp v2])\n"
        "fault: group g is not in one state: v1 is backup, v2 is master (group = g)\n");
}

// ---- Heartbeat lines and witnesses

/// The same routers with a line; a backup that waits for a master it does not hear.
void tell_lines(Given& given, bool up) {
  vrrp::Status one = backup();
  one.suspected = seconds(3);
  one.held = seconds(3);
  given.engine.step(
      vrrp::Statuses{
          .list = {one},
          .gone = {},
          .lines = {{.name = "x", .up = up, .since = seconds(2), .sent = 9, .heard = 8, .refused = {0, 0, 3}}},
          .witnesses = {{.name = "gw", .interface = "eth0", .answered = seconds(3)}}},
      seconds(3));
}

const std::string lined = routers + R"(
[heartbeat x]
tty = /dev/ttyS0 9600
key = file:/key
[witness gw]
ping = 10.0.0.254
)";

TEST_CASE("status: heartbeat lines, witnesses, and what they tell of a router") {
  Given given{lined};
  CHECK(has(status(given.engine, given.circumstances, {}, seconds(4)),
            R"("heartbeats":[{"name":"x","place":"/dev/ttyS0 9600","state":"unknown","since":null,"sent":0,"heard":0,)"
            R"("refused":[]}],"witnesses":[],)"));
  tell_lines(given, true);
  const std::string text = status(given.engine, given.circumstances, {}, seconds(4));
  CHECK(has(text, R"("partition_since":"2023-11-14T22:13:23.000000Z","held_since":"2023-11-14T22:13:23.000000Z",)"));
  CHECK(has(text,
            R"("heartbeats":[{"name":"x","place":"/dev/ttyS0 9600","state":"up",)"
            R"("since":"2023-11-14T22:13:22.000000Z","sent":9,"heard":8,"refused":[{"reason":"key","count":3}]}],)"
            R"("witnesses":[{"name":"gw","interface":"eth0","answered_at":"2023-11-14T22:13:23.000000Z"}],)"));
}

TEST_CASE("explain: a partition that is suspected, and the lines") {
  Given given{lined};
  tell_lines(given, true);
  const std::string text = told(given, "v1");
  CHECK(has(text, R"("partition suspected for 1 s: a heartbeat says that another master lives",)"
                  R"("its takeover has been due for 1 s, and waits",)"));
  CHECK(has(text, R"("heartbeat x (/dev/ttyS0 9600) is heard for 2 s","witness gw answered 1 s ago"])"));
}

TEST_CASE("doctor: a line that is silent, and why; a partition") {
  Given given{lined};
  tell_lines(given, false);
  std::string text;
  for (const Finding& one : examine_routers(given.engine, {})) text += one.what + "\n";
  CHECK(has(text, "this heartbeat line is silent; 3 refused: key\n"));
  CHECK(has(text, "a heartbeat says that another master lives, which is not heard by VRRP\n"));
}

TEST_CASE("metrics: lines by name, refused words by reason") {
  Given given{lined};
  tell_lines(given, true);
  const std::string text = metrics(given.engine, given.circumstances, {});
  CHECK(has(text, "keepalive_vrrp_partition_suspected{vrrp=\"v1\"} 1\n"));
  CHECK(has(text, "keepalive_heartbeat_up{heartbeat=\"x\"} 1\n"));
  CHECK(has(text, "keepalive_heartbeat_refused_total{heartbeat=\"x\",reason=\"key\"} 3\n"));
  CHECK(has(text, "keepalive_witness_answered_timestamp_seconds{witness=\"gw\",interface=\"eth0\"} 1700000003\n"));
}
}  // namespace
}  // namespace keepalive::core
