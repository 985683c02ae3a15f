// What the engine tells its virtual routers, and what follows from what they say.
#include "core/routers.hpp"

#include "transcript.hpp"

namespace keepalive::core {
namespace routers_test {
namespace {

const std::string text = R"(
[check c]
type = tcp
jitter = 0
[pool p]
check = c
server = 10.0.0.11:80
[virtual_server web]
address = 10.0.0.100:80
pool = p
when = master of v1
[vrrp v1]
interface = eth0
id = 51
priority = 100
addresses = 10.0.0.100/24
track = service web weight -60
on_master = /m
on_backup = /b
on_fault = /f
on_stop = /s
)";

vrrp::Statuses state(vrrp::State state) {
  return {.list = {{.name = "v1", .state = state}}, .gone = {}, .lateness = {}};
}

bool has(const std::string& all, std::string_view part) { return all.find(part) != std::string::npos; }

TEST_CASE("a process that starts is told how tracked things fare before what it is to run") {
  Scene scene;
  scene.load(text);
  CHECK(scene.step(RoutersStarted{}, s(1)) == "routers: web is well\nrouters: configured v1\n");
}

TEST_CASE("a tracked service's quorum is told when it changes, and only then") {
  Scene scene;
  scene.load(text);
  CHECK(has(scene.turn(0, 0, State::down, s(1)), "routers: web is not well\n"));
  CHECK(!has(scene.turn(0, 0, State::down, s(2)), "routers: "));
  CHECK(has(scene.turn(0, 0, State::up, s(3)), "routers: web is well\n"));
}

TEST_CASE("when = master of: services enter and leave the table with mastership") {
  Scene scene;
  scene.load(text);
  const ipvs::ServiceKey web = tcp("10.0.0.100:80");
  CHECK(servers(scene.engine.wanted(), web) == "no service");
  scene.step(state(vrrp::State::backup), s(1));
  CHECK(servers(scene.engine.wanted(), web) == "no service");
  CHECK(scene.step(state(vrrp::State::master), s(2)) == "write TCP 10.0.0.100:80\nsave all\n");
  CHECK(servers(scene.engine.wanted(), web) == "10.0.0.11:80=1");
  CHECK(scene.step(state(vrrp::State::master), s(3)) == "");
  CHECK(scene.step(state(vrrp::State::fault), s(4)) == "write TCP 10.0.0.100:80\n");
  CHECK(servers(scene.engine.wanted(), web) == "no service");
}

TEST_CASE("when = master of: a service that stands at last is looked after as all others") {
  Scene scene;
  scene.load(text);
  scene.step(state(vrrp::State::backup), s(1));
  CHECK(!has(scene.step(Tick{}, s(31)), "repair TCP"));
  scene.step(state(vrrp::State::master), s(32));
  CHECK(has(scene.step(Tick{}, s(61)), "repair TCP 10.0.0.100:80\n"));
}

TEST_CASE("check_when = master of: probes through the path begin and end with their hidden services") {
  Scene scene;
  std::string path = text;
  path.insert(path.find("jitter"), "via = path\n");
  path.insert(path.find("server ="), "check_when = master of v1\n");
  path.insert(path.find("[virtual_server"), "[virtual_server all]\naddress = 10.0.0.101:80\npool = p\n");
  scene.load(path);
  CHECK(scene.engine.hidden().size() == 2);  // they are probed until it is known who is master
  CHECK(scene.step(state(vrrp::State::backup), s(1)) ==
        "settle\nwrite TCP 10.0.0.100:80 FWM 131072 FWM 131073\nprober 0: drop 1 2\n");
  CHECK(scene.engine.hidden().empty());
  CHECK(servers(scene.engine.wanted(), ipvs::FwmarkKey{{131072}}) == "no service");
  // Those of before are gone from the kernel; then a probe finds its server from the first packet on.
  scene.step(Reconciled{.keys = {ipvs::FwmarkKey{{131072}}, ipvs::FwmarkKey{{131073}}}}, s(1));
  CHECK(scene.step(state(vrrp::State::master), s(2)) ==
        "settle\nwrite TCP 10.0.0.100:80 FWM 131074 FWM 131075\n"
        "prober 0: targets 3=1@10.0.0.101:80 4=1@10.0.0.100:80\nsave all\n");
  CHECK(scene.engine.hidden() == std::set<ipvs::ServiceKey>{ipvs::FwmarkKey{{131074}}, ipvs::FwmarkKey{{131075}}});
  CHECK(servers(scene.engine.wanted(), ipvs::FwmarkKey{{131074}}) == "10.0.0.11:80=1");
}

TEST_CASE("when = master of: what a predecessor left in the table stays until the router is known") {
  Scene scene;
  const ipvs::ServiceKey web = tcp("10.0.0.100:80");
  scene.step(Restored{.overlays = {}, .states = {}, .weights = {}, .owned = {web}}, s(0));
  scene.load(text);
  CHECK(servers(scene.engine.wanted(), web) == "10.0.0.11:80=1");
  scene.step(state(vrrp::State::backup), s(1));
  CHECK(servers(scene.engine.wanted(), web) == "no service");
}

TEST_CASE("when their process dies nothing is known of routers; services stay as they are until there is news") {
  Scene scene;
  scene.load(text);
  const ipvs::ServiceKey web = tcp("10.0.0.100:80");
  scene.step(state(vrrp::State::master), s(1));
  CHECK(scene.step(RoutersLost{}, s(2)) == "");
  CHECK(scene.engine.routers().find("v1") == nullptr);
  CHECK(servers(scene.engine.wanted(), web) == "10.0.0.11:80=1");
  CHECK(scene.step(state(vrrp::State::backup), s(3)) == "write TCP 10.0.0.100:80\n");
  CHECK(servers(scene.engine.wanted(), web) == "no service");
}

TEST_CASE("each entry of a state has its program") {
  Scene scene;
  scene.load(text);
  const auto& vrrp = scene.engine.config().vrrps.front();
  const auto program = [&](const char* kind) { return state_program(vrrp, kind).command; };
  CHECK(program("VRRP_MASTER") == &vrrp.on_master);
  CHECK(program("VRRP_BACKUP") == &vrrp.on_backup);
  CHECK(program("VRRP_FAULT") == &vrrp.on_fault);
  CHECK(program("VRRP_STOPPED") == &vrrp.on_stop);
  CHECK(program("VRRP_RIVAL") == nullptr);
  const vrrp::Told told{{.kind = "VRRP_MASTER", .instance = "v1", .text = "vrrp v1 is master", .cause = "why"}, s(1)};
  CHECK(has(scene.step(told, s(1)), " v1, ticket 1\n"));
  CHECK(has(scene.step(told, s(1)), "run "));
}

TEST_CASE("an operator's switchover is in the journal, and is told") {
  Scene scene;
  scene.load(text);
  CHECK(scene.step(OperateRouter{"v1", true, "ada"}, s(1)) ==
        "info OPERATOR v1: vrrp v1 is to be master (ada asked for it)\nrouters: v1 to master for ada\n");
}

TEST_CASE("a switchover that cannot be is refused with its reason") {
  const auto config = config_of(text);
  vrrp::Status status{.name = "v1",
                      .state = vrrp::State::backup,
                      .cause = "why",
                      .master = ipvs::Address::parse("10.0.0.2"),
                      .master_priority = 100};
  const auto reason = [&](bool to_master = true) { return objection(config->vrrps.front(), &status, to_master); };
  CHECK(reason() == "");
  CHECK(objection(config->vrrps.front(), nullptr, true) == "nothing is heard of vrrp v1 yet: its process may not run");
  status.master_priority = vrrp::owner;
  CHECK(reason() == "10.0.0.2 owns the addresses of vrrp v1 (priority 255): it cannot be displaced");
  status.state = vrrp::State::master;
  CHECK(reason(false) == "");
  status.state = vrrp::State::stopped;
  CHECK(reason() == "vrrp v1 is stopped: why");
  status.state = vrrp::State::fault;
  CHECK(reason() == "vrrp v1 is in fault: why");
  status.faults = {{"interface eth0 is down", s(1)}};
  CHECK(reason() == "vrrp v1 is in fault: interface eth0 is down");
}

TEST_CASE("changes of state are counted, also of a router that is told anew") {
  Routers routers;
  routers.take(state(vrrp::State::backup));
  CHECK(routers.transitions("v1") == 0);
  routers.take(state(vrrp::State::master));
  routers.take(state(vrrp::State::master));
  CHECK(routers.transitions("v1") == 1);
  CHECK(routers.transitions("v2") == 0);
}

}  // namespace
}  // namespace routers_test
}  // namespace keepalive::core
