#include "sync/doctor.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace doctor_test {

using namespace ipvs;
using namespace ipvs::sync;

namespace {

Daemon daemon(DaemonRole role) { return {role, "eth1", {51}, 1472, Address::parse("224.0.0.81"), {8848}, 1}; }

Facts side(const std::string& host, DaemonRole role) {
  return {.host = host,
          .interface = "eth1",
          .mtu = 1500,
          .up = true,
          .addresses = {"10.0.0.1/24"},
          .daemons = std::vector{daemon(role)},
          .sysctls = {{"sync_version", "1"}, {"sync_ports", "1"}, {"backup_only", "0"}}};
}

const Facts master = side("a", DaemonRole::master);
const Facts backup = side("b", DaemonRole::backup);

std::string first(const std::vector<Finding>& findings) { return findings.empty() ? "" : findings[0].what; }

}  // namespace

TEST_CASE("two sides that fit are healthy") {
  CHECK(examine(master).empty());
  CHECK(examine(backup).empty());
  CHECK(examine(master, backup).empty());
}

TEST_CASE("a group of IPv6 has longer headers, and the kernel binds to no address of IPv4 for it") {
  Facts one = side("a", DaemonRole::master);
  one.daemons->front().group = Address::parse("ff02::81");
  one.addresses = {"fd00::1/64"};
  one.daemons->front().max_length = 1452;
  CHECK(examine(one).empty());
  one.daemons->front().max_length = 1453;
  REQUIRE(examine(one).size() == 1);
  CHECK(examine(one)[0].remedy == "max_length = 1452");
}

TEST_CASE("one side alone: each fault is told, with a remedy") {
  struct Row {
    std::function<void(Facts&)> change;
    std::string what;
  };
  const Row rows[] = {
      {[](Facts& f) { f.mtu = 0; }, "a: there is no interface eth1"},
      {[](Facts& f) { f.up = false; }, "a: eth1 is down or has no carrier"},
      {[](Facts& f) { f.addresses = {"fd00::1/64"}; },
       "a: eth1 has no IPv4 address, which the kernel's sender binds to"},
      {[](Facts& f) { f.daemons->clear(); }, "a: no sync daemon runs"},
      {[](Facts& f) {
         f.daemons->push_back(daemon(DaemonRole::backup));
         f.sysctls["backup_only"] = "1";
       },
       "a: both daemons run and backup_only is 1: the kernel forwards nothing"},
      {[](Facts& f) { f.daemons->front().interface = "eth0"; }, "a: a daemon speaks on eth0, not on eth1"},
      {[](Facts& f) {
         f.mtu = 16000;
         f.daemons->front().max_length = 9189;
       },
       "a: max_length 9189 lets a datagram hold more than 255 entries; the count wraps and the rest is lost"},
      {[](Facts& f) { f.daemons->front().max_length = 1473; },
       "a: datagrams of 1473 bytes are cut in fragments on eth1 (MTU 1500); they are lost more easily, and the mirror "
       "does not see them"},
  };
  for (const Row& row : rows) {
    Facts changed = master;
    row.change(changed);
    const auto findings = examine(changed);
    CHECK(first(findings) == row.what);
    for (const Finding& one : findings) CHECK_FALSE(one.remedy.empty());
  }
}

TEST_CASE("both sides: what one sends the other must take") {
  struct Row {
    std::function<void(Facts&)> change;  // of the backup
    std::string what;
  };
  const Row rows[] = {
      {[](Facts& f) { f.daemons->clear(); }, "a sends, and b runs no backup daemon"},
      {[](Facts& f) { f.daemons->front().sync_id = {7}; }, "a sends with id 51, b takes id 7 only"},
      {[](Facts& f) { f.daemons->front().port = {9000}; }, "a sends to 224.0.0.81:8848, b listens at 224.0.0.81:9000"},
      {[](Facts& f) { f.daemons->front().max_length = 1024; },
       "a sends up to 1472 bytes, b takes 1024: what is longer is dropped silently"},
      {[](Facts& f) { f.sysctls["sync_ports"] = "4"; },
       "a uses 1 ports, b uses 4: what goes to the others is heard by nobody"},
      {[](Facts& f) { f.sysctls["sync_version"] = "0"; }, "net.ipv4.vs.sync_version is 1 on a and 0 on b"},
      {[](Facts& f) { f.relay = true; }, "b relays, a does not"},
  };
  for (const Row& row : rows) {
    Facts changed = backup;
    row.change(changed);
    CHECK(first(examine(master, changed)) == row.what);
  }
  Facts all = backup;
  all.daemons->front().sync_id = {0};
  CHECK(examine(master, all).empty());  // 0 takes every id
  all.daemons.reset();
  CHECK(examine(master, all).empty());  // nobody could ask
}

TEST_CASE("what does not come through is told for each way, and only when it was tried") {
  PeerReport peer{.peer = *Endpoint::parse("10.0.0.2:8849"), .connected = true, .host = "b"};
  CHECK(examine(master, peer).empty());
  peer.reaches = peer.reached = true;
  CHECK(examine(master, peer).empty());
  peer.reaches = false;
  CHECK(first(examine(master, peer)) == "multicast from a on eth1 does not come to b");
  peer.reaches = true;
  peer.reached = false;
  CHECK(first(examine(master, peer)) == "multicast from b does not come to a on eth1");
  Facts relay = master;
  relay.relay = true;
  const PeerReport silent{.peer = peer.peer, .connected = true};
  CHECK(first(examine(relay, silent)) == "no relay packets come from 10.0.0.2:8849, or none from here come there");
  CHECK(examine(relay, PeerReport{.peer = peer.peer, .connected = true, .relay_up = true}).empty());
  CHECK(examine(relay, PeerReport{.peer = peer.peer}).empty());  // the missing channel is told elsewhere
}

TEST_CASE("a kernel that has fewer connections than were synced is told of; one that has more has young ones") {
  const Address server = *Address::parse("10.0.0.11");
  CHECK(examine(backup, std::vector{ServerCount{server, 1000, 990}, ServerCount{server, 0, 5000}}).empty());
  CHECK(first(examine(backup, std::vector{ServerCount{server, 1000, 900}})) ==
        "b: 1000 connections to 10.0.0.11 were synced, and the kernel has 900");
  const auto gone = examine(backup, std::vector{ServerCount{server, 1000, std::nullopt}});
  CHECK(first(gone) == "b: 1000 connections to 10.0.0.11 were synced, which no service here has for a server");
  CHECK_FALSE(gone.at(0).fatal);
}

}  // namespace doctor_test
