// Connection sync, wherever it is told of: status, explain, metrics, doctor.
#include <doctest/doctest.h>

#include "core/doctor.hpp"
#include "core/explain.hpp"
#include "core/metrics.hpp"
#include "core/status.hpp"
#include "scene.hpp"

namespace keepalive::core {
namespace sync_test {
namespace {

const std::string text =
    "[vrrp v1]\ninterface = eth0\nid = 51\n"
    "[sync]\ninterface = eth1\nid = 51\nfollow = v1\npeer = 10.1.0.2\nlisten = 10.1.0.1\nkey = file:/key\n";

const ipvs::Daemon master{.role = ipvs::DaemonRole::master, .interface = "eth1", .sync_id = {51}};

bool has(const std::string& all, std::string_view part) {
  INFO(all);
  return all.find(part) != std::string::npos;
}

/// Its router is master since 2 s, and its daemon runs since 3 s.
Given scene(bool runs = true) {
  Given given{text};
  given.engine.step(Settled{}, seconds(1));
  given.engine.step(vrrp::Statuses{.list = {{.name = "v1", .state = vrrp::State::master}}, .gone = {}, .lateness = {}},
                    seconds(2));
  DaemonsAre outcome;
  if (runs)
    outcome.actual = {master};
  else
    outcome.steps = {{{ipvs::sync::Step::Kind::start, master}, "no such device"}};
  given.engine.step(outcome, seconds(3));
  return given;
}

std::string status_of(const Given& given) { return status(given.engine, {}, {}, seconds(5)); }

/// A host where everything is well.
HostFacts host() {
  HostFacts facts;
  facts.interfaces = {"eth0", "eth1"};
  facts.addresses = {{*ipvs::Address::parse("10.1.0.1"), "eth1"}};
  facts.near = {{*ipvs::Address::parse("10.1.0.2"), "eth1"}};
  return facts;
}

std::string found(const Given& given, const HostFacts& facts) {
  std::string lines;
  for (const Finding& one : examine_sync(given.engine, facts)) lines += one.level + " " + one.what + "\n";
  return lines;
}

}  // namespace

TEST_CASE("the status tells the daemons, wanted and actual, and what the agent says") {
  Given given = scene();
  CHECK(has(status_of(given), R"("sync":{"interface":"eth1","id":51,"follow":"v1","daemons":[)"
                              R"({"role":"master","wanted":true,"runs":true,"since":"1970-01-01T00:00:03.000000Z",)"
                              R"("settings":"eth1, id 51","fault":""},)"
                              R"({"role":"backup","wanted":false,"runs":false,"since":"1970-01-01T00:00:03.000000Z",)"
                              R"("settings":null,"fault":""}],"addressed":true,"connected":null,)"
                              R"("parity_permille":null,"resync":null,"synced":false})"));
  given.engine.step(SyncReport{true, 995, SyncReport::Resync::done}, seconds(4));
  CHECK(has(status_of(given), R"("connected":true,"parity_permille":995,"resync":"done","synced":true)"));
}

TEST_CASE("explain sync says which daemon is to run and why, and how far the directors agree") {
  Given given = scene();
  const auto told = explain(given.engine, {}, {}, "sync", seconds(5));
  REQUIRE(told);
  CHECK(has(*told, "vrrp v1 is master: the master daemon is to run"));
  CHECK(has(*told, "the master daemon runs (eth1, id 51), for 2 s"));
  CHECK(has(*told, "nothing is heard of the agent"));
  CHECK(has(*explain(scene(false).engine, {}, {}, "sync", seconds(5)), "no such device"));
}

TEST_CASE("metrics of the daemons and the agent") {
  Given given = scene();
  given.engine.step(SyncReport{true, 995, SyncReport::Resync::done}, seconds(4));
  const std::string page = metrics(given.engine, {}, {});
  CHECK(has(page, "keepalive_sync_daemon_up{role=\"master\"} 1\n"));
  CHECK(has(page, "keepalive_sync_daemon_wanted{role=\"backup\"} 0\n"));
  CHECK(has(page, "keepalive_sync_parity_ratio 0.995\n"));
}

TEST_CASE("the doctor finds nothing where all is well") { CHECK(found(scene(), host()).empty()); }

TEST_CASE("the doctor finds an interface without an address, down or missing, and a daemon that does not run") {
  HostFacts facts = host();
  facts.addresses.clear();
  facts.down = {"eth1"};
  CHECK(found(scene(false), facts) ==
        "fault eth1, where connections are synced, is down\n"
        "fault eth1 has no IPv4 address: the kernel sends sync messages from that of another interface, or from none\n"
        "fault the master daemon does not run\n");
  facts.interfaces = {"eth0"};
  CHECK(has(found(scene(), facts), "fault there is no interface eth1\n"));
  CHECK(has(found(Given{text}, host()), "warning no sync daemon was started: nothing is heard of vrrp v1 yet\n"));
}

TEST_CASE("with a group of IPv6 the doctor asks for no IPv4 address") {
  HostFacts facts = host();
  facts.addresses.clear();
  std::string six = text;
  six.replace(six.find("interface = eth1\n"), 17, "interface = eth1\ngroup = ff02::5151\n");
  Given given{six};
  CHECK(!has(found(given, facts), "IPv4"));
}

TEST_CASE("the doctor warns of a peer that multicast with ttl = 1 does not reach") {
  HostFacts facts = host();
  facts.near.clear();
  CHECK(has(found(scene(), facts), "warning 10.1.0.2 is not on the network of eth1"));
}
}  // namespace sync_test
}  // namespace keepalive::core
