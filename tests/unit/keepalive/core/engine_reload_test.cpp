#include <doctest/doctest.h>

#include "core/saved.hpp"
#include "transcript.hpp"

namespace engine_reload_test {

using namespace keepalive;
using namespace keepalive::core;

namespace {

const std::string head = "[check c]\ntype = tcp\n";
std::string pool(const std::string& more = "") {
  return "[pool web]\ncheck = c\nserver = 10.0.0.11:80 name=a\nserver = 10.0.0.12:80 name=b\n" + more;
}
std::string service(const std::string& name, const std::string& address, const std::string& used = "web") {
  return "[virtual_server " + name + "]\naddress = " + address + "\npool = " + used + "\n";
}
const std::string one = service("one", "10.0.0.100:80");
const std::string two = "[pool other]\nserver = 10.0.0.13:80\n" + service("two", "10.0.0.101:80", "other");

}  // namespace

TEST_CASE(
    "a reload with one server more writes that service alone and tells that probe alone; then looks after drift") {
  Scene scene;
  scene.load(head + pool() + one + two);
  CHECK(scene.load(head + pool("server = 10.0.0.14:80\n") + one + two, s(5)) ==
        "settle\n"
        "write TCP 10.0.0.100:80\n"
        "repair TCP 10.0.0.100:80 TCP 10.0.0.101:80\n"
        "prober 0: targets 3=1@10.0.0.14:80\n"
        "info CONFIG_LOADED configuration: configuration 2 is in force\n"
        "save all\n");
}

TEST_CASE("a reload of the same file writes nothing") {
  Scene scene;
  scene.load(head + pool() + one + two);
  CHECK(scene.load(head + pool() + one + two, s(5)) ==
        "settle\nrepair TCP 10.0.0.100:80 TCP 10.0.0.101:80\ninfo CONFIG_LOADED configuration: configuration 2 is in "
        "force\nsave all\n");
}

TEST_CASE("with drift_interval = 0 a reload looks once and never again") {
  Scene scene;
  const std::string text = "[global]\ndrift_interval = 0\n" + two;
  scene.load(text);
  CHECK(scene.load(text, s(5)) ==
        "settle\nrepair TCP 10.0.0.101:80\ninfo CONFIG_LOADED configuration: configuration 2 is in force\nsave all\n");
  CHECK(scene.step(Tick{}, s(6)).empty());
}

TEST_CASE("a service that is gone from the file is removed, and not owned any more when that is done") {
  Scene scene;
  scene.load(head + pool() + one + two);
  CHECK(scene.load(two, s(5)).find("\nwrite TCP 10.0.0.100:80\n") != std::string::npos);
  const ipvs::ServiceKey gone = tcp("10.0.0.100:80");
  CHECK(scene.engine.owns(gone));
  CHECK(!scene.engine.wanted().contains(gone));
  scene.step(Reconciled{.keys = {gone}, .refusals = {{gone, "busy"}}}, s(5));
  CHECK(scene.engine.owns(gone));
  CHECK(scene.step(Reconciled{.keys = {gone, tcp("10.0.0.101:80")}, .refusals = {{tcp("10.0.0.101:80"), "no"}}}, s(6))
            .ends_with("\nsave all\n"));  // or a successor would take it for ours
  CHECK(!scene.engine.owns(gone));
}

TEST_CASE("states, overlays and slow start survive a reload; the table shows no dent") {
  Scene scene;
  scene.load(head + pool() + one);
  scene.turn(0, 0, State::down, s(1));
  scene.step(Operate{"web", "b", Overlay{.kind = Overlay::Kind::weight, .weight = 9}}, s(2));
  scene.step(Tick{}, s(2));
  CHECK(scene.load(head + pool() + one + two, s(5)).find("write TCP 10.0.0.101:80\n") != std::string::npos);
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.12:80=9");
}

TEST_CASE("a plan is the table that a reload leads to, and changes nothing") {
  Scene scene;
  scene.load(head + pool() + one);
  scene.turn(0, 0, State::down, s(1));
  const auto next = config_of(head + pool("server = 10.0.0.14:80\n") + one + two);
  const Engine::Plan plan = scene.engine.plan(*next, s(2));
  CHECK(servers(plan.table, tcp("10.0.0.100:80")) == "10.0.0.12:80=1 10.0.0.14:80=1");
  CHECK(plan.table.size() == 2);
  CHECK(plan.probes == Probes::Difference{.added = 1, .dropped = 0});
  CHECK(!plan.rules);
  CHECK(scene.engine.wanted().size() == 1);
  scene.step(Loaded{next}, s(3));
  CHECK(scene.engine.wanted() == plan.table);
  CHECK(scene.engine.plan(*config_of(one + pool() + head), s(4)).probes ==
        Probes::Difference{.added = 0, .dropped = 1});
}

TEST_CASE("a check more: what it says counts from its first verdict on") {
  Scene scene;
  scene.load(head + pool() + one);
  scene.turn(0, 0, State::up, s(1));
  scene.load(head + "[check d]\ntype = ping\n" + pool("check = d\n") + one, s(2));
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.11:80=1 10.0.0.12:80=1");
  const std::uint32_t ping = scene.engine.probes().of({0, 0})[1]->id;
  scene.step(Heard{0, Transition{ping, State::down, {}}}, s(3));
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.12:80=1");
  scene.load(head + pool() + one, s(4));
  scene.step(Tick{}, s(4));
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.11:80=1 10.0.0.12:80=1");
}

TEST_CASE("a restart: overlays, states and ownership come back from what was saved") {
  const Time boot = s(1'700'000'000);
  Scene before;
  before.load(head + pool() + one + two);
  before.turn(0, 0, State::down, s(1));
  before.step(Operate{"web", "b", Overlay{.kind = Overlay::Kind::drain, .deadline = s(100)}}, s(2));
  const std::string saved = saved::everything(before.engine, boot, "here");

  Scene after;
  after.step(saved::read(saved, boot, "here"), s(3));
  CHECK(after.load(head + pool() + one, s(3)).find("\nwrite TCP 10.0.0.100:80 TCP 10.0.0.101:80\n") !=
        std::string::npos);  // the second one is to be removed
  CHECK(servers(after.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.12:80=0");
  CHECK(after.engine.owns(tcp("10.0.0.101:80")));
  CHECK(after.step(Tick{}, s(4)) == "count web/b\n");
  CHECK(after.step(Tick{}, s(100)).find("DRAIN_DEADLINE web/b") != std::string::npos);
}

TEST_CASE("a refused configuration is told, and the old one lives on") {
  Scene scene;
  scene.load(two);
  CHECK(scene.step(Refused{2, "k.conf:1:1: error: x"}, s(1)) ==
        "alert CONFIG_REFUSED configuration: the configuration has 2 faults; the one before stays in force "
        "(k.conf:1:1: error: x)\n");
  CHECK(scene.engine.wanted().size() == 1);
}

TEST_CASE("settings: what was written is told, what cannot be written is told once and when it is over") {
  Scene scene;
  scene.load(two);
  CHECK(scene.step(Settled{.changes = {{"a", "a is 1, was 0"}}, .faults = {{"b", "b: denied"}}}, s(1)) ==
        "info SETTING a: a is 1, was 0 (the configuration asks for it)\n"
        "alert SETTING_REFUSED b: b: denied\n");
  CHECK(scene.engine.alarms() == std::vector<std::string>{"b: denied"});
  CHECK(scene.step(Settled{.changes = {{"a", "a is 1, was 0"}}, .faults = {{"b", "b: denied"}}, .drift = true}, s(2)) ==
        "warning DRIFT_REPAIRED a: a is 1, was 0 (somebody else changed it)\n");
  CHECK(scene.step(Settled{.drift = true}, s(3)) == "info SETTING_ACCEPTED b: b is as wanted\n");
  CHECK(scene.engine.alarms().empty());
}

TEST_CASE("settings that others changed and nobody repairs are told once, and are drift until it is over") {
  Scene scene;
  scene.load("[global]\ndrift = report\n" + two);
  scene.step(Settled{.faults = {{"b", "b: denied"}}}, s(1));
  const Settled found{.changes = {{"a", "a is 0, wanted 1"}, {"b", "b is 0, wanted 1"}}, .drift = true};
  CHECK(scene.step(found, s(2)) == "warning DRIFT a: a is 0, wanted 1 (somebody else changed it)\n");
  CHECK(scene.step(found, s(3)).empty());
  CHECK(scene.engine.drift() == std::vector<std::string>{"a is 0, wanted 1"});
  CHECK(scene.step(Settled{.drift = true}, s(4)) == "info SETTING_ACCEPTED b: b is as wanted\n");
  CHECK(scene.engine.drift().empty());
  CHECK(scene.step(found, s(5)).find("warning DRIFT a: ") != std::string::npos);
}

TEST_CASE("rules of a predecessor that the configuration does not want are taken away") {
  Scene scene;
  scene.load(two);
  CHECK(scene.step(RulesDone{.look = true, .good = true}, s(1)) ==
        "info RULES_WRITTEN rules: rules that mark packets were left over and are removed\n");
  CHECK(scene.step(Tick{}, s(1)) == "rules\ntable inet keepalive {}\ndelete table inet keepalive\n");
}

TEST_CASE("the journal keeps the last thousand, numbered without a gap") {
  Scene scene;
  scene.load(head + pool() + one);
  for (int i = 0; i < 1500; ++i) scene.turn(0, 0, i % 2 == 0 ? State::down : State::up, s(i));
  CHECK(scene.engine.journal().size() == 1000);
  CHECK(scene.engine.journal().front().sequence == 502);
  CHECK(scene.engine.journal().back().sequence == 1501);
}

TEST_CASE("a quorum that a reload loses or gains is told, and its programs run") {
  const auto with = [](const std::string& quorum) {
    return head + pool("quorum = " + quorum + "\non_quorum_up = /up\non_quorum_down = /down\n") + one;
  };
  Scene scene;
  scene.load(with("1"));
  scene.turn(0, 0, State::down, s(1));
  CHECK(scene.load(with("2"), s(2)).find("run 5 web\nalert QUORUM_LOST web: pool web has no quorum: weight 1 of 2\n") !=
        std::string::npos);
  CHECK(scene.load(with("2"), s(3)).find("QUORUM") == std::string::npos);
  CHECK(
      scene.load(with("1"), s(4)).find("run 4 web\ninfo QUORUM_GAINED web: pool web has its quorum: weight 1 of 1\n") !=
      std::string::npos);
}

TEST_CASE("at start, and of a pool that is new, the quorum's program runs once; pools without one are not told") {
  const std::string programs = "on_quorum_up = /up\non_quorum_down = /down\n";
  Scene scene;
  CHECK(scene.load(head + pool(programs) + one).find("run 4 web\ninfo QUORUM_GAINED web: ") != std::string::npos);
  CHECK(scene.load(head + pool(programs) + one + two, s(1)).find("QUORUM") == std::string::npos);

  Scene waiting;
  CHECK(waiting.load(head + pool(programs + "start = down\n") + one)
            .find("run 5 web\ninfo QUORUM_LOST web: pool web has no quorum: weight 0 of 1\n") != std::string::npos);

  Scene restored;
  restored.step(Restored{.states = {{"web/a", State::down}, {"web/b", State::down}}}, s(0));
  CHECK(restored.load(head + pool(programs) + one, s(0)).find("info QUORUM_LOST web: ") != std::string::npos);
}

TEST_CASE("a plan knows the hidden services of paths, to keep them out of sight, and other rules") {
  Scene scene;
  scene.load("[check c]\ntype = tcp\nvia = path\n" + pool() + one);
  const Engine::Plan plan = scene.engine.plan(
      *config_of("[pool p]\nserver = 10.0.0.1\n[virtual_server g]\naddress = tcp 10.0.0.100:80\ntogether = yes\n"
                 "mark = 7\npersistence = 60s\npool = p\n"),
      s(1));
  CHECK(plan.hidden == std::set<ipvs::ServiceKey>{ipvs::FwmarkKey{{131072}}, ipvs::FwmarkKey{{131073}}});
  CHECK(plan.rules);
  CHECK(plan.behind.empty());
  CHECK(plan.probes == Probes::Difference{.added = 0, .dropped = 2});
}

}  // namespace engine_reload_test
