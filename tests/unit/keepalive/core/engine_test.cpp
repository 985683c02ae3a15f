#include "core/engine.hpp"

#include <doctest/doctest.h>

#include "transcript.hpp"

namespace engine_test {

using namespace keepalive;
using namespace keepalive::core;

namespace {

const std::string text = R"(
[global]
notify = /notify
[check c]
type = tcp
[pool web]
check = c
server = 10.0.0.11:80 weight=100 name=a on_down=/down
server = 10.0.0.12:80 weight=50 name=b
[virtual_server one]
address = 10.0.0.100:80
pool = web
[virtual_server two]
address = 10.0.0.101:80
pool = web
[pool other]
server = 10.0.0.13:80
[virtual_server three]
address = 10.0.0.102:80
pool = other
)";

}  // namespace

TEST_CASE("a first configuration: its services are written, its probes told, and the start is told") {
  Scene scene;
  CHECK(!scene.engine.deadline());
  CHECK(scene.load(text) ==
        "look for rules keepalive\n"
        "settle\n"
        "write TCP 10.0.0.100:80 TCP 10.0.0.101:80 TCP 10.0.0.102:80\n"
        "prober 0: check 1\n"
        "prober 0: targets 1=1@10.0.0.11:80 2=1@10.0.0.12:80\n"
        "run 0 daemon STARTED daemon the daemon has started\n"
        "info STARTED daemon: the daemon has started\n"
        "save all\n");
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.11:80=100 10.0.0.12:80=50");
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.102:80")) == "10.0.0.13:80=1");
}

TEST_CASE("at_start = flush removes foreign services first") {
  Scene scene;
  CHECK(scene.load("[global]\nat_start = flush\n").find("settle\nwrite and foreign ones\n") != std::string::npos);
}

TEST_CASE("at_start = flush: a table that cannot be read is told, and the flush is due until it was done") {
  const std::string flush = "[global]\nat_start = flush\n";
  Scene scene;
  scene.load(flush);
  const Reconciled unread{.foreign = true, .fault = "cannot list services: no memory"};
  CHECK(scene.step(unread, s(1)) == "alert KERNEL_REFUSED table: cannot list services: no memory\n");
  CHECK(scene.engine.refusals() == std::vector{unread.fault});
  CHECK((scene.engine.deadline() == s(2)));
  CHECK(scene.step(Tick{}, s(2)).starts_with("write and foreign ones\n"));
  CHECK(scene.step(unread, s(2)).empty());
  CHECK(scene.step(Tick{}, s(3)).find("foreign") == std::string::npos);
  CHECK(scene.step(Tick{}, s(4)).starts_with("write and foreign ones\n"));
  CHECK(scene.step(Reconciled{.foreign = true}, s(4)) ==
        "info KERNEL_ACCEPTED table: services that are not ours are removed\n");
  CHECK(scene.engine.refusals().empty());
  CHECK(scene.step(Tick{}, s(50)).find("foreign") == std::string::npos);
  // Nobody wants it any more.
  Scene other;
  other.load(flush);
  other.step(unread, s(1));
  other.load("[global]\n", s(1));
  CHECK(other.step(Tick{}, s(2)).find("foreign") == std::string::npos);
}

TEST_CASE("a server that goes down: its program, the notify program, the journal, and its services only") {
  Scene scene;
  scene.load(text);
  CHECK(scene.turn(0, 0, State::up, s(1)) ==
        "run 0 web/a SERVER_UP web/a server web/a is up\n"
        "info SERVER_UP web/a: server web/a is up (why)\n"
        "save 0.0\n");
  CHECK(scene.turn(0, 0, State::down, s(2), "refused") ==
        "run 7 web/a\n"
        "run 0 web/a SERVER_DOWN web/a server web/a is down\n"
        "alert SERVER_DOWN web/a: server web/a is down (refused)\n"
        "save 0.0\n");
  CHECK((scene.engine.deadline() == Time{0}));
  CHECK(scene.step(Tick{}, s(2)) == "write TCP 10.0.0.100:80 TCP 10.0.0.101:80\n");
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.12:80=50");
  CHECK(scene.step(Tick{}, s(2)).empty());
  scene.turn(0, 0, State::up, s(3));
  CHECK(scene.step(Tick{}, s(3)) == "write TCP 10.0.0.100:80 TCP 10.0.0.101:80\n");
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.11:80=100 10.0.0.12:80=50");
}

TEST_CASE("programs learn what happened from their environment") {
  Scene scene;
  scene.load(text);
  const Actions actions = scene.engine.step(
      Heard{0, Transition{scene.target(0, 0), State::down, {.good = false, .evidence = "refused"}}}, s(1));
  CHECK(std::get<Run>(actions[0]).environment ==
        std::map<std::string, std::string>{{"KEEPALIVE_SEQUENCE", "2"},
                                           {"KEEPALIVE_EVENT", "SERVER_DOWN"},
                                           {"KEEPALIVE_OBJECT", "web/a"},
                                           {"KEEPALIVE_TEXT", "server web/a is down"},
                                           {"KEEPALIVE_CAUSE", "refused"}});
  CHECK(std::get<Run>(actions[0]).limit_ms == 30'000);
}

TEST_CASE("what the kernel refuses is told once, tried again, and forgotten when it works") {
  Scene scene;
  scene.load(text);
  const ipvs::ServiceKey key = tcp("10.0.0.100:80");
  const Reconciled refusal{.keys = {key}, .refusals = {{key, "add service: no such scheduler"}}};
  CHECK(scene.step(refusal, s(0)) ==
        "run 0 TCP 10.0.0.100:80 KERNEL_REFUSED TCP 10.0.0.100:80 add service: no such scheduler\n"
        "alert KERNEL_REFUSED TCP 10.0.0.100:80: add service: no such scheduler\n");
  CHECK((scene.engine.deadline() == s(1)));
  CHECK(scene.step(Tick{}, s(1)) == "write TCP 10.0.0.100:80\n");
  CHECK(scene.step(refusal, s(1)).empty());
  CHECK(scene.engine.refusals().size() == 1);
  CHECK(scene.step(Reconciled{.keys = {key}}, s(3)) ==
        "run 0 TCP 10.0.0.100:80 KERNEL_ACCEPTED TCP 10.0.0.100:80 the kernel has it as it should be\n"
        "info KERNEL_ACCEPTED TCP 10.0.0.100:80: the kernel has it as it should be\n");
  CHECK(scene.step(Reconciled{.keys = {key}}, s(4)).empty());
  CHECK(scene.engine.refusals().empty());
}

TEST_CASE("a service that must be repaired again and again has another master: told once, and when it is over") {
  Scene scene;
  scene.load(text);
  const ipvs::ServiceKey key = tcp("10.0.0.100:80");
  const auto repair = [&](std::int64_t time, std::vector<KernelEdit> drift) {
    return scene.step(Reconciled{.purpose = Reconcile::Purpose::drift, .keys = {key}, .drift = std::move(drift)},
                      s(time));
  };
  for (int look = 1; look <= 4; ++look) CHECK(repair(30 * look, {{key, "x"}}).find("RECURS") == std::string::npos);
  CHECK(repair(150, {{key, "x"}})
            .find("alert DRIFT_RECURS TCP 10.0.0.100:80: another program seems to manage TCP "
                  "10.0.0.100:80 (it was repaired 5 times within 10 looks)\n") != std::string::npos);
  CHECK(scene.engine.alarms() == std::vector<std::string>{"another program seems to manage TCP 10.0.0.100:80"});
  CHECK(repair(180, {{key, "x"}}).find("RECURS") == std::string::npos);
  CHECK(repair(480, {}).empty());
  CHECK(repair(481, {}).find("info DRIFT_ENDS TCP 10.0.0.100:80: TCP 10.0.0.100:80 stays as it was written\n") !=
        std::string::npos);
  CHECK(scene.engine.alarms().empty());
}

TEST_CASE("drift is looked after, and told") {
  Scene scene;
  scene.load(text);
  scene.step(Tick{}, s(29));
  CHECK(scene.step(Tick{}, s(30)) == "repair settings\nrepair TCP 10.0.0.100:80 TCP 10.0.0.101:80 TCP 10.0.0.102:80\n");
  const ipvs::ServiceKey key = tcp("10.0.0.100:80");
  CHECK(scene.step(
            Reconciled{
                .purpose = Reconcile::Purpose::drift, .keys = {key}, .changes = 1, .drift = {{key, "it was gone"}}},
            s(30)) ==
        "run 0 TCP 10.0.0.100:80 DRIFT_REPAIRED TCP 10.0.0.100:80 it was gone\n"
        "warning DRIFT_REPAIRED TCP 10.0.0.100:80: it was gone (somebody else changed the kernel's table)\n");
  CHECK(scene.engine.drift().empty());
}

TEST_CASE("drift that is only reported is told once, and known until it is over") {
  Scene scene;
  scene.load("[global]\ndrift = report\n" + text.substr(text.find("[check")));
  const ipvs::ServiceKey key = tcp("10.0.0.100:80");
  const Reconciled drift{.purpose = Reconcile::Purpose::report, .keys = {key}, .drift = {{key, "it was gone"}}};
  CHECK(scene.step(drift, s(30)) ==
        "warning DRIFT TCP 10.0.0.100:80: it was gone (somebody else changed the kernel's table)\n");
  CHECK(scene.step(drift, s(60)).empty());
  CHECK(scene.engine.drift() == std::vector<std::string>{"it was gone"});
  CHECK(scene.step(Reconciled{.keys = {tcp("10.0.0.101:80")}}, s(60)).empty());
  CHECK(scene.engine.drift().size() == 1);
  CHECK(scene.step(Reconciled{.keys = {key}}, s(90)).empty());
  CHECK(scene.engine.drift().empty());
}

TEST_CASE("what the kernel refuses is nobody's doing, and stays refused while a look only reports") {
  Scene scene;
  scene.load("[global]\ndrift = report\n" + text.substr(text.find("[check")));
  const ipvs::ServiceKey key = tcp("10.0.0.100:80");
  scene.step(Reconciled{.keys = {key}, .refusals = {{key, "no such scheduler"}}}, s(1));
  CHECK(scene.step(Reconciled{.purpose = Reconcile::Purpose::report, .keys = {key}, .drift = {{key, "edit"}}}, s(2))
            .empty());
  CHECK(scene.engine.refusals() == std::vector<std::string>{"no such scheduler"});
  CHECK(scene.engine.drift().empty());
  CHECK(scene.step(Reconciled{.purpose = Reconcile::Purpose::report, .keys = {key}}, s(3)) ==
        "info KERNEL_ACCEPTED TCP 10.0.0.100:80: the kernel has it as it should be\n");
}

TEST_CASE("draining: weight 0, connections counted every second, out when none is left") {
  Scene scene;
  scene.load(text);
  CHECK(scene.step(Operate{"web", "a", Overlay{}}, s(0)) ==
        "run 0 web/a OPERATOR web/a server web/a drains\n"
        "info OPERATOR web/a: server web/a drains (an operator asked for it)\n"
        "save 0.0\nwrite TCP 10.0.0.100:80 TCP 10.0.0.101:80\n");
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.11:80=0 10.0.0.12:80=50");
  CHECK((scene.engine.deadline() == s(1)));
  CHECK(scene.step(Tick{}, s(1)) == "count web/a\n");
  CHECK(scene.step(Counted{"web", "a", 1, 0}, s(1)).empty());
  CHECK(scene.step(Counted{"web", "b", 0, 0}, s(1)).empty());
  CHECK(scene.step(Counted{"web", "a", 0, 0}, s(2)) ==
        "run 0 web/a DRAINED web/a server web/a is drained and taken out\n"
        "info DRAINED web/a: server web/a is drained and taken out\n"
        "save 0.0\n");
  scene.step(Tick{}, s(2));
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.12:80=50");
  CHECK(scene.step(Operate{"web", "a", std::nullopt, "ada"}, s(3)) ==
        "run 0 web/a OPERATOR web/a server web/a is as the configuration says\n"
        "info OPERATOR web/a: server web/a is as the configuration says (ada asked for it)\n"
        "save 0.0\nwrite TCP 10.0.0.100:80 TCP 10.0.0.101:80\n");
  CHECK(scene.step(Operate{"web", "nobody", std::nullopt}, s(3)).empty());
}

TEST_CASE("probers: greeted when they start, an alarm when they are lost or silent") {
  Scene scene;
  scene.load(text);
  CHECK(scene.step(ProberStarted{0}, s(1)) ==
        "prober 0: check 1\nprober 0: targets 1=1@10.0.0.11:80 2=1@10.0.0.12:80\n");
  CHECK(scene.step(ProberLost{0}, s(2)) ==
        "run 0 prober PROBER_LOST prober prober 0 is not running; servers keep their last state\n"
        "alert PROBER_LOST prober: prober 0 is not running; servers keep their last state\n");
  CHECK(scene.step(ProberLost{0}, s(2)).empty());
  CHECK(scene.engine.alarms().size() == 1);
  CHECK(scene.step(ProberStarted{0}, s(3)).ends_with("info PROBER_BACK prober: prober 0 runs again\n"));
  CHECK(scene.engine.alarms().empty());
  for (const int time : {2, 4, 6, 8}) CHECK(scene.step(Tick{}, s(time)).empty());
  CHECK(scene.step(Tick{}, s(10)) ==
        "run 0 prober PROBER_SILENT prober prober 0 does not answer and is started anew\n"
        "alert PROBER_SILENT prober: prober 0 does not answer and is started anew\n"
        "restart prober 0\n");
}

TEST_CASE("a prober that is silent again and again is given twice the time, until it has run for a minute") {
  Scene scene;
  scene.load(text);
  Time now = s(0);
  const auto seconds_of_silence = [&] {
    scene.step(ProberStarted{0}, now);
    const Time start = now;
    while (scene.step(Tick{}, now += s(2)).find("PROBER_SILENT") == std::string::npos) REQUIRE(now - start < s(100));
    return (now - start) / s(1);
  };
  for (const int seconds : {8, 14, 26, 50, 50}) CHECK(seconds_of_silence() == seconds);
  scene.step(ProberStarted{0}, now);
  for (int i = 0; i < 31; ++i) {
    scene.step(Tick{}, now += s(2));
    scene.step(Heard{0, Alive{}}, now);
  }
  CHECK(seconds_of_silence() == 8);
}

TEST_CASE("a director that slept itself hears its probers first before it takes them for silent") {
  Scene scene;
  scene.load(text);
  scene.step(ProberStarted{0}, s(1));
  scene.step(Tick{}, s(2));
  CHECK(scene.step(Tick{}, s(13)).empty());
  CHECK(scene.step(Heard{0, Alive{}}, s(13)).empty());
  CHECK(scene.step(Tick{}, s(15)).empty());
  for (const int time : {17, 19, 21})
    CHECK((scene.step(Tick{}, s(time)).find("PROBER_SILENT") != std::string::npos) == (time == 21));
}

TEST_CASE("probes that do not run when they should are an alarm, once") {
  Scene scene;
  scene.load(
      "[check c]\ntype = tcp\n[pool p]\ncheck = c\nserver = 10.0.0.1:80\n[virtual_server s]\naddress = "
      "10.0.0.100:80\npool = p\n");
  scene.step(ProberStarted{0}, s(0));
  const auto alive = [&](Time now) { scene.step(Heard{0, Alive{}}, now); };
  for (Time now = s(1); now < s(15); now += s(1)) alive(now);
  for (Time now = s(2); now < s(15); now += s(2)) CHECK(scene.step(Tick{}, now).empty());
  alive(s(16));
  CHECK(scene.step(Tick{}, s(16)) ==
        "alert PROBES_LATE prober: 1 probes have not run when they should; first: c of 10.0.0.1:80\n");
  alive(s(18));
  CHECK(scene.step(Tick{}, s(18)).empty());
  scene.step(Heard{0, Summaries{{{1, 1, 0, 0, {.good = true}}}}}, s(19));
  CHECK(scene.step(Tick{}, s(20)) == "info PROBES_IN_TIME prober: probes run in time\n");
}

TEST_CASE("a script check: its program runs for the prober that asks; its weight is taken over") {
  Scene scene;
  scene.load(
      "[check c]\ntype = script\ncommand = /c\ntimeout = 3s\ndynamic_weight = yes\n"
      "[pool p]\ncheck = c\nserver = 10.0.0.1:80\n[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n");
  const Actions actions = scene.engine.step(Heard{0, RunScript{1, 1, 9}}, s(1));
  CHECK(actions == Actions{Run{.number = 3,
                               .object = "check c 1",
                               .environment = {{"KEEPALIVE_CHECK", "c"},
                                               {"KEEPALIVE_ADDRESS", "10.0.0.1"},
                                               {"KEEPALIVE_PORT", "80"},
                                               {"KEEPALIVE_SERVER", "10.0.0.1:80"},
                                               {"KEEPALIVE_POOL", "p"}},
                               .target = 1,
                               .run = 9,
                               .prober = 0,
                               .limit_ms = 3000}});
  CHECK(scene.step(Heard{0, RunScript{99, 1}}, s(1)).empty());
  scene.step(Heard{0, Summaries{{{1, 1, 0, 0, {.good = true, .weight = 7}}}}}, s(2));
  scene.step(Heard{0, Transition{1, State::up, {.good = true, .weight = 9}}}, s(2));
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.1:80=9");
}

TEST_CASE("stop removes what is owned, runs what was asked for; at_stop = keep leaves the table") {
  const std::string stop =
      "[global]\non_stop = /stop\n[check c]\ntype = tcp\n[pool p]\ncheck = c\nnotify_at_stop = yes\n"
      "server = 10.0.0.1:80 on_down=/down\non_quorum_down = /lost\n"
      "[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n";
  Scene scene;
  scene.load(stop);
  const std::string told =
      "run 2 daemon\n"
      "info STOPPED daemon: the daemon stops\n"
      "run 7 p/10.0.0.1:80\n"
      "info SERVER_STOPPED p/10.0.0.1:80: the daemon stops\n"
      "run 5 p\n"
      "info QUORUM_STOPPED p: the daemon stops\n"
      "save all\n";
  CHECK(scene.step(Stop{}, s(9)) == told + "write TCP 10.0.0.100:80\n");
  CHECK(scene.engine.wanted().empty());
  CHECK(scene.engine.owns(tcp("10.0.0.100:80")));

  Scene keeping;
  keeping.load("[global]\nat_stop = keep\n" + stop.substr(stop.find("on_stop")));
  CHECK(keeping.step(Stop{}, s(9)) == told);
  CHECK(!keeping.engine.wanted().empty());
}

TEST_CASE("services that share a pool and lend it different ports or hosts: each is probed, all must be up") {
  Scene scene;
  CHECK(scene
            .load("[check c]\ntype = http\n[check d]\ntype = ping\n[pool p]\ncheck = c, d\nserver = 10.0.0.1\n"
                  "[virtual_server one]\naddress = 10.0.0.100:80\nhost = a\npool = p\n"
                  "[virtual_server two]\naddress = 10.0.0.101:80\nhost = b\npool = p\n"
                  "[virtual_server same]\naddress = 10.0.0.102:80\nhost = b\npool = p\n"
                  "[virtual_server four]\naddress = 10.0.0.100:81\nhost = a\npool = p\n")
            .find("prober 0: targets 1=1@10.0.0.1:80 host a 2=1@10.0.0.1:80 host b 3=1@10.0.0.1:81 host a 4=2@") !=
        std::string::npos);
  const auto say = [&](std::uint32_t target, State state) {
    return scene.step(Heard{0, Transition{target, state, {.good = state == State::up}}}, s(1));
  };
  const std::size_t all = scene.engine.probes().of({0, 0}).size();
  for (std::uint32_t target = 1; target <= all; ++target)
    CHECK((say(target, State::up).find("SERVER_UP") != std::string::npos) == (target == all));
  CHECK(say(2, State::down).find("SERVER_DOWN") != std::string::npos);
  CHECK(scene.engine.probes().states({0, 0}) == std::vector{State::down, State::up});
  CHECK(scene.engine.probes().aspect({0, 0}, *scene.engine.probes().find(2)) == "10.0.0.1:80 b");
}

TEST_CASE("notify_at_stop: programs run for what is up until then, not for what is down already") {
  const std::string stop =
      "[check c]\ntype = tcp\n[pool p]\ncheck = c\nnotify_at_stop = yes\non_quorum_down = /lost\nquorum = 2\n"
      "server = 10.0.0.1:80 on_down=/down\nserver = 10.0.0.2:80 on_down=/down\n"
      "[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n";
  Scene scene;
  scene.load(stop);
  scene.turn(0, 0, State::down, s(1));
  const std::string told = scene.step(Stop{}, s(9));
  CHECK(told.find("SERVER_STOPPED p/10.0.0.1:80") == std::string::npos);
  CHECK(told.find("SERVER_STOPPED p/10.0.0.2:80") != std::string::npos);
  CHECK(told.find("QUORUM_STOPPED") == std::string::npos);
}

TEST_CASE("a stop forgets services that are removed, so that a successor does not take them for its own") {
  Scene scene;
  scene.load(text);
  scene.step(Stop{}, s(9));
  CHECK(scene.step(Reconciled{.keys = scene.engine.owned()}, s(9)) == "save all\n");
  CHECK(scene.engine.owned().empty());
}

TEST_CASE("on_start runs once, when the first configuration is in force") {
  Scene scene;
  const std::string start = "[global]\non_start = /start\n" + text.substr(text.find("[check"));
  CHECK(scene.load(start).ends_with("run 1 daemon\ninfo STARTED daemon: the daemon has started\nsave all\n"));
  CHECK(scene.load(start, s(1)).find("run") == std::string::npos);
}

TEST_CASE("before the first configuration nothing happens, and nothing breaks") {
  Scene scene;
  for (const Event& event : {Event{Tick{}}, Event{Stop{}}, Event{ProberStarted{0}}, Event{ProberLost{0}},
                             Event{Heard{0, Alive{}}}, Event{Reconciled{}}, Event{Counted{}}, Event{Operate{}},
                             Event{Refused{1, "x"}}, Event{Settled{}}, Event{Restored{}}})
    CHECK(scene.step(event, s(1)).empty());
}

}  // namespace engine_test
