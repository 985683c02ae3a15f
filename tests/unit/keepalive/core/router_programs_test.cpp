// Programs of virtual routers' states: run again until they succeed, verified, and never run for a state that is over.
#include "core/router_programs.hpp"

#include "core/explain.hpp"
#include "core/launch.hpp"
#include "transcript.hpp"

namespace keepalive::core {
namespace router_programs_test {
namespace {

const std::string plain = R"(
[global]
drift_interval = 0
[vrrp v1]
interface = eth0
id = 51
on_master = /m
on_backup = /b
script_attempts = 3
script_delay = 2s
script_timeout = 10s
)";
const std::string verified = plain + "verify = /v\nverify_interval = 60s\n";

constexpr const char* master = "info VRRP_MASTER v1: vrrp v1 is master (why)\n";
constexpr const char* backup = "info VRRP_BACKUP v1: vrrp v1 is backup (why)\n";

struct Stage : Scene {
  explicit Stage(const std::string& text) { load(text); }

  std::string enter(const std::string& state, Time now) {
    const std::string kind = state == "master" ? "VRRP_MASTER" : state == "backup" ? "VRRP_BACKUP" : "VRRP_FAULT";
    return step(vrrp::Told{{.kind = kind, .instance = "v1", .text = "vrrp v1 is " + state, .cause = "why"}, now}, now);
  }
  std::string ends(std::uint64_t ticket, int code, Time now, const std::string& line = "") {
    return step(ProgramEnded{ticket, code, false, line}, now);
  }
  std::string tick(Time now) { return step(Tick{}, now); }
};

bool is_due(const Engine& engine, Time at) { return engine.router_programs().deadline() == at; }

TEST_CASE("a state's program that fails is run again after a pause, until it succeeds") {
  Stage stage{plain};
  CHECK(stage.enter("master", s(10)) == std::string{"run 3 v1, ticket 1\n"} + master);
  CHECK(stage.ends(1, 1, s(11), "no") == "");
  CHECK(is_due(stage.engine, s(13)));
  CHECK(stage.tick(ms(12'999)) == "");
  CHECK(stage.tick(s(13)) == "run 3 v1, ticket 2\n");
  CHECK(stage.ends(2, 0, s(14)) ==
        "info VRRP_PROGRAM_DONE v1: on_master of vrrp v1 has succeeded (it was attempt 2)\n");
  CHECK(stage.engine.router_programs().deadline() == std::nullopt);
}

TEST_CASE("it keeps its environment and its time limit") {
  Stage stage{plain};
  const auto run = [](const Actions& actions) { return std::get<Run>(actions.front()); };
  const vrrp::Told told{{.kind = "VRRP_MASTER", .instance = "v1", .text = "text", .cause = "why"}, s(1)};
  const Run first = run(stage.engine.step(told, s(1)));
  CHECK(first.environment.at("KEEPALIVE_EVENT") == "VRRP_MASTER");
  CHECK(first.environment.at("KEEPALIVE_CAUSE") == "why");
  CHECK(first.environment.at("KEEPALIVE_SEQUENCE") == std::to_string(stage.engine.journal().back().sequence));
  CHECK(first.limit_ms == 10'000);
  stage.ends(1, 1, s(2));
  Run again = run(stage.engine.step(Tick{}, s(4)));
  again.ticket = first.ticket;
  CHECK(again == first);
}

TEST_CASE("one that fails at its last attempt is an alert, until the state is another one") {
  Stage stage{plain};
  stage.enter("master", s(10));
  for (const std::uint64_t ticket : {1, 2}) {
    stage.ends(ticket, 1, s(10));
    stage.tick(s(100));
  }
  const char* const text = "on_master of vrrp v1 has failed 3 times";
  CHECK(stage.ends(3, 7, s(100), "quota") ==
        "alert VRRP_PROGRAM_FAILED v1: on_master of vrrp v1 has failed 3 times (exit code 7: quota)\n");
  CHECK(stage.engine.alarms() == std::vector<std::string>{text});
  CHECK(stage.tick(s(1000)) == "");
  CHECK(stage.enter("fault", s(1001)) == "info VRRP_FAULT v1: vrrp v1 is fault (why)\n");
  CHECK(stage.engine.alarms().empty());
}

TEST_CASE("what belongs to a state that is over is never run again") {
  Stage stage{plain};
  stage.enter("master", s(10));
  stage.ends(1, 1, s(11));
  CHECK(stage.enter("backup", s(12)) == std::string{"run 4 v1, ticket 2\n"} + backup);
  CHECK(stage.tick(s(60)) == "");
  // Its first run was still under way:
  stage.enter("master", s(61));
  stage.enter("backup", s(62));
  CHECK(stage.ends(3, 1, s(63)) == "");
  CHECK(stage.tick(s(120)) == "");
  CHECK(stage.ends(4, 0, s(121)) == "");
}

TEST_CASE("nor when the routers' process is gone, or the router is not configured any more") {
  Stage stage{plain};
  stage.enter("master", s(10));
  stage.ends(1, 1, s(11));
  stage.step(RoutersLost{}, s(12));
  CHECK(stage.tick(s(60)) == "");
  stage.enter("master", s(61));
  stage.ends(2, 1, s(62));
  stage.load("[global]\ndrift_interval = 0\n[vrrp v2]\ninterface = eth0\nid = 52\n", s(63));
  CHECK(stage.tick(s(120)) == "");
  CHECK(stage.engine.router_programs().find("v1") == nullptr);
}

TEST_CASE("each way to fail is told") {
  const auto reason = [](const ProgramEnded& ended) {
    Stage stage{plain};
    stage.enter("master", s(1));
    stage.step(ended, s(2));
    return stage.engine.router_programs().find("v1")->reason;
  };
  CHECK(reason({.ticket = 1, .exit_code = 2}) == "exit code 2");
  CHECK(reason({.ticket = 1, .exit_code = -11}) == "signal 11");
  CHECK(reason({.ticket = 1, .exit_code = -9, .timed_out = true}) == "it was killed at its time limit");
  CHECK(reason({.ticket = 1, .exit_code = never_ran, .line = "/m: not there"}) ==
        "it cannot be started: /m: not there");
}

TEST_CASE("on_master counts when verify has succeeded as well") {
  Stage stage{verified};
  stage.enter("master", s(10));
  CHECK(stage.ends(1, 0, s(11)) == "run 7 v1, ticket 2\n");
  CHECK(stage.ends(2, 1, s(12), "elsewhere") == "");
  CHECK(stage.engine.router_programs().find("v1")->reason == "verify: exit code 1: elsewhere");
  CHECK(stage.tick(s(14)) == "run 3 v1, ticket 3\n");
  CHECK(stage.ends(3, 0, s(15)) == "run 7 v1, ticket 4\n");
  CHECK(stage.ends(4, 0, s(16)) ==
        "info VRRP_PROGRAM_DONE v1: on_master of vrrp v1 has succeeded (it was attempt 2)\n");
  CHECK(is_due(stage.engine, s(76)));
}

TEST_CASE("a backup's program is not verified") {
  Stage stage{verified};
  stage.enter("backup", s(10));
  CHECK(stage.ends(1, 0, s(11)) == "");
  CHECK(stage.engine.router_programs().deadline() == std::nullopt);
}

TEST_CASE("a master is verified again and again; what does not hold is done again") {
  Stage stage{verified};
  stage.enter("master", s(10));
  stage.ends(1, 0, s(11));
  stage.ends(2, 0, s(12));
  CHECK(stage.tick(s(72)) == "run 7 v1, ticket 3\n");
  CHECK(stage.ends(3, 0, s(73)) == "");
  CHECK(stage.tick(s(133)) == "run 7 v1, ticket 4\n");
  CHECK(stage.ends(4, 1, s(134)) ==
        "run 3 v1, ticket 5\n"
        "warning VRRP_UNVERIFIED v1: vrrp v1 is not as on_master left it, which is run again (verify: exit code 1)\n");
  CHECK(stage.ends(5, 0, s(135)) == "run 7 v1, ticket 6\n");
  CHECK(stage.ends(6, 0, s(136)) == "");
}

TEST_CASE("one that has failed for good is looked after where there is a verify_interval, and told of once") {
  Stage stage{verified};
  stage.enter("master", s(10));
  stage.ends(1, 1, s(10));
  stage.tick(s(12));
  stage.ends(2, 1, s(12));
  stage.tick(s(14));
  CHECK(stage.ends(3, 1, s(14)) ==
        "alert VRRP_PROGRAM_FAILED v1: on_master of vrrp v1 has failed 3 times (exit code 1)\n");
  CHECK(stage.tick(s(74)) == "run 7 v1, ticket 4\n");
  CHECK(stage.ends(4, 1, s(75)) == "run 3 v1, ticket 5\n");
  CHECK(stage.ends(5, 0, s(76)) == "run 7 v1, ticket 6\n");
  CHECK(stage.ends(6, 0, s(77)) ==
        "info VRRP_PROGRAM_DONE v1: on_master of vrrp v1 has succeeded (it was attempt 1)\n");
  CHECK(stage.engine.alarms().empty());
}

TEST_CASE("a director that finds a master verifies it, and does no more if that succeeds") {
  const vrrp::Statuses found{.list = {{.name = "v1", .state = vrrp::State::master}}};
  Stage stage{verified};
  CHECK(stage.step(found, s(1)) == "run 7 v1, ticket 1\n");
  CHECK(stage.step(found, s(2)) == "");
  CHECK(stage.ends(1, 0, s(3)) == "");
  CHECK(is_due(stage.engine, s(63)));
  Stage unverified{plain};
  CHECK(unverified.step(found, s(1)) == "");
}

}  // namespace
}  // namespace router_programs_test
}  // namespace keepalive::core
