// The sync daemons as the engine wants them.
#include "core/syncing.hpp"

#include "core/saved.hpp"
#include "transcript.hpp"

namespace keepalive::core {
namespace syncing_test {
namespace {

using ipvs::Daemon;
using ipvs::DaemonRole;
using ipvs::sync::Step;
using Purpose = Reconcile::Purpose;

const std::string router = "[vrrp v1]\ninterface = eth0\nid = 51\n";
const std::string section = "[sync]\ninterface = eth1\nid = 51\nfollow = v1\n";
const std::string both = "[sync]\ninterface = eth1\nid = 51\nfollow = both\n";

vrrp::Statuses state(vrrp::State state) {
  return {.list = {{.name = "v1", .state = state}}, .gone = {}, .lateness = {}};
}

Daemon daemon(DaemonRole role) { return {.role = role, .interface = "eth1", .sync_id = {51}}; }
const Daemon master = daemon(DaemonRole::master);
const Daemon backup = daemon(DaemonRole::backup);

DaemonsAre are(std::vector<Daemon> actual, std::vector<DaemonsAre::Done> steps = {}, Purpose purpose = Purpose::write) {
  return {.purpose = purpose, .actual = std::move(actual), .steps = std::move(steps)};
}

/// With a router whose process has told its state.
struct Director : Scene {
  explicit Director(const std::string& text = router + section) {
    load(text);
    step(Settled{}, s(0));
  }
};

TEST_CASE("daemons start when settings are written and the virtual router's state is known") {
  Scene scene;
  CHECK(scene.load(router + section).find("daemons") == std::string::npos);
  CHECK(scene.step(state(vrrp::State::backup), s(1)).empty());
  CHECK(scene.step(Settled{}, s(1)) == "daemons: backup\nsave all\n");
  CHECK(scene.step(are({backup}, {{{Step::Kind::start, backup}}}), s(1)) ==
        "info SYNC_DAEMON sync/backup: the backup daemon is started: eth1, id 51 (vrrp v1 is not master)\n");
}

TEST_CASE("another configuration would order daemons only when the role is known") {
  Director one;
  CHECK_FALSE(one.engine.plan(*config_of(router + section), s(1)).daemons);
  CHECK(one.engine.plan(*config_of(router + both), s(1)).daemons->wanted == std::vector{master, backup});
  CHECK(one.engine.syncing().plan(*config_of(router + section), true, s(1))->wanted == std::vector{master});
  CHECK(planned({Step::Kind::replace, master}) == "the master daemon would be replaced: eth1, id 51");
}

TEST_CASE("a daemon that is repaired again and again is somebody else's, too, and that is told until it ends") {
  Director one;
  one.step(state(vrrp::State::master), s(1));
  one.step(are({master}), s(1));
  const DaemonsAre repaired = are({master}, {{{Step::Kind::start, master}}}, Purpose::drift);
  const auto look = [&](const DaemonsAre& found) {
    const Time at = *one.engine.syncing().deadline();
    one.step(Tick{}, at);
    return one.step(found, at);
  };
  for (int i = 1; i < 5; ++i) CHECK(look(repaired).find("RECURS") == std::string::npos);
  CHECK(look(repaired).find("alert DRIFT_RECURS sync/master: another program seems to manage the master daemon") !=
        std::string::npos);
  CHECK(look(repaired).find("RECURS") == std::string::npos);
  CHECK(one.engine.alarms() == std::vector<std::string>{"another program seems to manage the master daemon"});
  std::string told;
  for (int i = 0; i < 11; ++i) told += look(are({master}, {}, Purpose::drift));
  CHECK(told == "info DRIFT_ENDS sync/master: the master daemon stays as it was written\n");
  CHECK(one.engine.alarms().empty());
}

TEST_CASE("nobody knows whether the router is master: the daemons stay as they are") {
  Director one;
  CHECK(!one.engine.syncing().deadline());
  CHECK(one.step(state(vrrp::State::fault), s(1)) == "daemons: backup\nsave all\n");
}

TEST_CASE("the daemons follow the role; one order at a time, the last word counts") {
  Director one;
  CHECK(one.step(state(vrrp::State::master), s(1)) == "daemons: master\nsave all\n");
  CHECK(one.step(state(vrrp::State::backup), s(2)).empty());
  CHECK(one.step(state(vrrp::State::master), s(2)).empty());
  CHECK(one.step(state(vrrp::State::backup), s(2)).empty());
  CHECK(one.step(are({master}), s(3)) == "daemons: backup\n");
  CHECK(one.step(are({backup}), s(3)).empty());
}

TEST_CASE("follow = both needs no router, and a change of role is nothing to it") {
  Scene scene;
  scene.load(router + both);
  CHECK(scene.step(Settled{}, s(0)) == "daemons: master backup\nsave all\n");
  scene.step(are({master, backup}), s(1));
  CHECK(scene.step(state(vrrp::State::master), s(2)).empty());
}

TEST_CASE("what others change is repaired at the drift interval, or reported once") {
  Director one;
  one.step(state(vrrp::State::master), s(1));
  one.step(are({master}), s(1));
  CHECK(one.step(Tick{}, s(31)).find("repair daemons: master\n") != std::string::npos);
  CHECK(one.step(are({master}, {{{Step::Kind::start, master}}}, Purpose::drift), s(31)) ==
        "warning DRIFT_REPAIRED sync/master: the master daemon is started: eth1, id 51 (somebody else changed it)\n");
  Director other{"[global]\ndrift = report\n" + router + section};
  other.step(state(vrrp::State::master), s(1));
  other.step(are({master}), s(1));
  CHECK(other.step(Tick{}, s(31)).find("report daemons: master\n") != std::string::npos);
  CHECK(other.step(are({}, {{{Step::Kind::start, master}}}, Purpose::report), s(31)) ==
        "warning DRIFT sync/master: the master daemon does not run, wanted: eth1, id 51 (somebody else changed it)\n");
  CHECK(other.engine.drift().size() == 1);
  other.step(Tick{}, s(61));
  CHECK(other.step(are({}, {{{Step::Kind::start, master}}}, Purpose::report), s(61)).empty());
}

TEST_CASE("a refusal is told once and tried again every 5 s") {
  Director one;
  one.step(state(vrrp::State::master), s(1));
  const DaemonsAre refused = are({}, {{{Step::Kind::start, master}, "no such device"}});
  CHECK(one.step(refused, s(1)) ==
        "alert SYNC_REFUSED sync/master: the master daemon cannot be started (eth1, id 51): no such device\n");
  CHECK(one.engine.alarms().size() == 1);
  CHECK(one.engine.syncing().deadline() == s(6));
  CHECK(one.step(Tick{}, s(6)).find("daemons: master\n") != std::string::npos);
  CHECK(one.step(refused, s(6)).empty());
  one.step(Tick{}, s(11));
  CHECK(one.step(are({master}, {{{Step::Kind::start, master}}}), s(11)).find("SYNC_ACCEPTED") != std::string::npos);
  CHECK(one.engine.alarms().empty());
}

TEST_CASE("threads of another number, or with other buffers, start anew") {
  Director one;
  one.step(state(vrrp::State::master), s(1));
  one.step(are({master}), s(1));
  one.load(router + section, s(2));
  CHECK(
      one.step(Settled{.changes = {{"net.ipv4.vs.sync_ports", "1 becomes 2"}}}, s(2)).find("daemons anew: master\n") !=
      std::string::npos);
  one.step(are({master}), s(2));
  one.load(router + section, s(3));
  CHECK(one.step(Settled{.changes = {{"net.ipv4.vs.sync_retries", "1 becomes 2"}}}, s(3)).find("daemons: master\n") !=
        std::string::npos);
}

TEST_CASE("without [sync] daemons are nobody's business, but ours go") {
  Scene foreign;
  foreign.load(router);
  CHECK(foreign.step(Settled{}, s(0)).empty());
  CHECK(foreign.step(Stop{}, s(1)).find("daemons") == std::string::npos);
  Director one;
  one.step(state(vrrp::State::master), s(1));
  one.step(are({master}), s(1));
  one.load(router, s(2));
  CHECK(one.step(Settled{}, s(2)) == "daemons:\n");
  CHECK(one.step(are({}), s(2)) == "save all\n");
  CHECK(!one.engine.syncing().ours());
}

TEST_CASE("at the end both stop, and with at_stop = keep they stay") {
  Director one;
  one.step(state(vrrp::State::master), s(1));
  CHECK(one.step(Stop{}, s(2)).find("daemons:\n") != std::string::npos);
  Director other{"[global]\nat_stop = keep\n" + router + section};
  other.step(state(vrrp::State::master), s(1));
  CHECK(other.step(Stop{}, s(2)).find("daemons") == std::string::npos);
}

TEST_CASE("a successor knows whose the daemons are") {
  Director one;
  one.step(state(vrrp::State::master), s(1));
  const std::string text = saved::everything(one.engine, Time{0}, "here");
  CHECK(saved::read(text, Time{0}, "here").daemons);
  CHECK(!saved::read(text, Time{0}, "there").daemons);
  Scene next;
  next.step(saved::read(text, Time{0}, "here"), s(0));
  next.load(router);
  CHECK(next.step(Settled{}, s(0)) == "daemons:\n");
}

TEST_CASE("an interface without an IPv4 address is told of once") {
  Director one;
  one.step(state(vrrp::State::master), s(1));
  DaemonsAre bare = are({master});
  bare.addressed = false;
  CHECK(one.step(bare, s(1)).find("warning SYNC_ADDRESS sync: interface eth1 has no IPv4 address") == 0);
  one.step(Tick{}, s(31));
  CHECK(one.step(bare, s(31)).empty());
}

TEST_CASE("a group of IPv6 needs no IPv4 address") {
  Director one{router + section + "group = ff02::5151\n"};
  one.step(state(vrrp::State::master), s(1));
  Daemon six = master;
  six.group = ipvs::Address::parse("ff02::5151");
  DaemonsAre bare = are({six});
  bare.addressed = false;
  CHECK(one.step(bare, s(1)).find("SYNC_ADDRESS") == std::string::npos);
  CHECK(one.engine.syncing().addressed());
}

TEST_CASE("the agent's reports tell the virtual routers whether they are synced; not knowing is not synced") {
  using Resync = SyncReport::Resync;
  Director one;
  CHECK(!one.engine.syncing().synced());
  CHECK(one.step(SyncReport{true, 1000, Resync::none}, s(1)).empty());  // two that hold nothing yet agree, too
  CHECK(one.step(SyncReport{true, 989, Resync::done}, s(1)).empty());
  CHECK(one.step(SyncReport{true, 990, Resync::running}, s(1)).empty());
  CHECK(one.step(SyncReport{true, 990, Resync::done}, s(1)) == "routers: synced\n");
  CHECK(one.step(SyncReport{true, 1000, Resync::done}, s(1)).empty());
  CHECK(one.step(RoutersStarted{}, s(2)).find("routers: synced\n") != std::string::npos);
  CHECK(one.step(SyncReport{false, 1000, Resync::none}, s(3)) == "routers: not synced\n");
}

}  // namespace
}  // namespace syncing_test
}  // namespace keepalive::core
