// The router in the long run: groups, faults and weights, other configurations, the end.
#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "core/vrrp/router.hpp"
#include "host.hpp"

namespace router_life_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr Mac our_mac{2, 0, 0, 0, 0, 1};
constexpr Mac peers_mac{2, 0, 0, 0, 0, 2};

ipvs::Address at(const std::string& text) { return *ipvs::Address::parse(text); }

Instance instance(const std::string& name, const std::string& interface, std::uint8_t id, const std::string& address,
                  const std::string& group = "") {
  return {.name = name,
          .interface = interface,
          .id = id,
          .addresses = {{.address = at(address), .prefix = 24}},
          .group = group};
}

Instance v1(const std::string& group = "") { return instance("v1", "eth0", 51, "10.0.0.100", group); }
Instance v2(const std::string& group = "") { return instance("v2", "eth1", 52, "10.1.0.100", group); }

Instance with(Instance one, std::vector<Track> track) {
  one.track = std::move(track);
  return one;
}

Host host() {
  Host host;
  for (const char* interface : {"eth0", "eth1"}) host.step(LinkIs{interface, Link{.mac = our_mac, .works = true}}, {});
  host.put({"eth0", at("10.0.0.1")}, {});
  host.put({"eth1", at("10.1.0.1")}, {});
  return host;
}

Host master(const std::vector<Instance>& instances) {
  Host one = host();
  one.step(Configured{instances}, {});
  one.run(seconds{10});
  for (const auto& [name, each] : one.router.instances()) REQUIRE(each.machine.state() == State::master);
  return one;
}

Received advert(std::uint8_t priority, std::uint8_t id = 51) {
  const Envelope envelope{.source = at(id == 51 ? "10.0.0.2" : "10.1.0.2"), .destination = at("224.0.0.18")};
  const Advertisement told{.id = id, .priority = priority, .interval = seconds{1}, .addresses = {at("10.0.0.100")}};
  return {id == 51 ? "eth0" : "eth1", envelope, encode(told, envelope, Checksum::pseudo_header)};
}

std::string step(Host& host, const Event& event, Time now) { return text(host.step(event, now)); }

const Router::Standing& standing(const Host& host, const std::string& name) { return host.router.instances().at(name); }
State state(const Host& host, const std::string& name) { return standing(host, name).machine.state(); }
int priority(const Host& host, const std::string& name) { return standing(host, name).machine.priority(); }

/// Masters, and since when each has been so: what must not change when nothing happens to it.
std::string masters(const Host& host) {
  std::string list;
  for (const auto& [name, one] : host.router.instances())
    if (one.machine.state() == State::master) list += name + " since " + std::to_string(one.since.count()) + "\n";
  return list;
}

const std::string since_start = "v1 since 3609375\nv2 since 3609375\n";

}  // namespace

// ---- Groups

TEST_CASE("a group takes over as one") {
  Host one = host();
  one.step(Configured{{v1("g1"), v2("g1")}}, {});
  one.step(advert(200, 52), seconds{3});  // only one of them has no master
  CHECK(text(one.run(Time{3'609'375})).find("VRRP_MASTER v2: vrrp v1 of its group is master") != std::string::npos);
}

TEST_CASE("a group gives way as one, and the others say that they leave") {
  Host one = master({v1("g1"), v2("g1")});
  CHECK(step(one, advert(200), seconds{10}) ==
        "VRRP_BACKUP v1: 10.0.0.2 advertises priority 200\n"
        "send eth1 10.1.0.1 > 224.0.0.18 id 52 priority 0\n"
        "VRRP_BACKUP v2: vrrp v1 of its group is backup\n");
}

TEST_CASE("a group faults as one and comes back as one") {
  Host one = master({v1("g1"), v2("g1")});
  one.step(LinkIs{"eth1", Link{.mac = our_mac}}, seconds{10});
  CHECK(state(one, "v1") == State::fault);
  CHECK(standing(one, "v1").cause == "interface eth1 is down");
  one.step(LinkIs{"eth1", Link{.mac = our_mac, .works = true}}, seconds{20});
  CHECK(state(one, "v1") == State::backup);
  CHECK(state(one, "v2") == State::backup);
}

TEST_CASE("one that comes to a group goes with it: the group does not notice") {
  Host one = master({v1("g1")});
  one.step(Configured{{v1("g1"), v2("g1")}}, seconds{10});
  CHECK(masters(one) == "v1 since 3609375\nv2 since 10000000\n");
  Host owners = host();
  Instance owner = v1("g1");
  owner.priority = 255;
  owners.step(Configured{{owner, v2("g1")}}, {});
  CHECK(masters(owners) == "v1 since 0\nv2 since 0\n");
}

TEST_CASE("two that are made a group are of one state from then on") {
  Host one = master({v1(), v2()});
  one.step(advert(200, 52), seconds{10});
  REQUIRE(state(one, "v2") == State::backup);
  one.step(Configured{{v1("g1"), v2("g1")}}, seconds{10});
  CHECK(state(one, "v1") == state(one, "v2"));
}

// ---- Tracking

TEST_CASE("weights count while the thing is down, or up") {
  Host one = host();
  const Track down{Track::Kind::script, "uplink", -30};
  const Track up{Track::Kind::file, "preferred", 50};
  one.step(Configured{{with(v1(), {down, up})}}, {});
  CHECK(priority(one, "v1") == 100);  // nothing is known yet
  one.step(Tracked{Track::Kind::script, "uplink", false}, seconds{1});
  CHECK(priority(one, "v1") == 70);
  one.step(Tracked{Track::Kind::file, "preferred", true}, seconds{1});
  CHECK(priority(one, "v1") == 120);
  one.step(Tracked{Track::Kind::script, "uplink", true}, seconds{1});
  CHECK(priority(one, "v1") == 150);
}

TEST_CASE("RFC 9568 5.2.4: backups use priorities from 1 to 254, the owner 255, whatever is tracked") {
  Host one = host();
  Instance owner = with(v2(), {{Track::Kind::file, "much", -50}});
  owner.priority = 255;
  one.step(Configured{{with(v1(), {{Track::Kind::file, "much", 250}, {Track::Kind::script, "all", -250}}), owner}}, {});
  one.step(Tracked{Track::Kind::file, "much", true}, seconds{1});
  CHECK(priority(one, "v1") == 254);
  one.step(Tracked{Track::Kind::file, "much", false}, seconds{1});
  one.step(Tracked{Track::Kind::script, "all", false}, seconds{1});
  CHECK(priority(one, "v1") == 1);
  CHECK(priority(one, "v2") == 255);
}

TEST_CASE("what one of a group tracks counts for all, once") {
  Host one = host();
  const Track track{Track::Kind::interface, "eth2", -20};
  one.step(Configured{{with(v1("g1"), {track}), with(v2("g1"), {track})}}, {});
  CHECK(priority(one, "v1") == 80);
  CHECK(priority(one, "v2") == 80);
  one.step(LinkIs{"eth2", Link{.works = true}}, seconds{1});
  CHECK(priority(one, "v2") == 100);
}

TEST_CASE("a master's priority goes down with what it tracks, in its next advertisement") {
  Host one = master({with(v1(), {{Track::Kind::service, "web", -60}})});
  CHECK(step(one, Tracked{Track::Kind::service, "web", false}, seconds{10}).empty());
  CHECK(text(one.run(seconds{11})).find("priority 40") != std::string::npos);
}

TEST_CASE("faults are a set of reasons with their age; the state is left when the set is empty") {
  Host one = master({with(v1(), {{Track::Kind::script, "uplink", 0}, {Track::Kind::process, "bird", 0}})});
  CHECK(step(one, Tracked{Track::Kind::script, "uplink", false}, seconds{10}) ==
        "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 0\nVRRP_FAULT v1: script uplink is down\n");
  one.step(Tracked{Track::Kind::process, "bird", false}, seconds{12});
  using Faults = std::map<std::string, Time>;
  const Faults both{{"process bird is down", seconds{12}}, {"script uplink is down", seconds{10}}};
  CHECK(standing(one, "v1").faults == both);
  one.step(Tracked{Track::Kind::script, "uplink", true}, seconds{13});
  CHECK(state(one, "v1") == State::fault);
  CHECK(step(one, Tracked{Track::Kind::process, "bird", true}, seconds{14}) ==
        "VRRP_BACKUP v1: no more: process bird is down\n");
}

TEST_CASE("an interface that is gone, is down or has no address is a fault, and nothing is lent where no link is") {
  Host one = master({v1()});
  one.step(LinkIs{"eth0", Link{.mac = our_mac}}, seconds{10});
  CHECK(standing(one, "v1").faults.contains("interface eth0 is down"));
  CHECK(text(one.run(seconds{10})) == "remove eth0 10.0.0.100\n");
  one.step(LinkIs{"eth0", std::nullopt}, seconds{11});
  CHECK(standing(one, "v1").faults.contains("interface eth0 is not there"));
  one.step(LinkIs{"eth0", Link{.mac = our_mac, .works = true}}, seconds{12});
  CHECK(state(one, "v1") == State::backup);
  one.take_away({"eth0", at("10.0.0.1")}, seconds{13});
  CHECK(standing(one, "v1").faults.contains("interface eth0 has no address to speak from"));
}

// ---- Another configuration

TEST_CASE("the same configuration again changes nothing, no timer either") {
  Host one = master({v1(), v2("g1")});
  const auto due = one.router.deadline();
  CHECK(step(one, Configured{{v1(), v2("g1")}}, seconds{10}).empty());
  CHECK(one.router.deadline() == due);
  CHECK(masters(one) == since_start);
}

TEST_CASE("an address is added, removed or moved to another instance in one step, and nobody leaves") {
  Host one = master({v1(), v2()});
  Instance more = v1();
  more.addresses.push_back({.address = at("10.0.0.101"), .prefix = 24});
  CHECK(step(one, Configured{{more, v2()}}, seconds{10}).empty());
  CHECK(text(one.run(seconds{10})) == "add eth0 10.0.0.101\nannounce eth0 5 addresses\n");

  Instance taken = v2();
  taken.addresses.push_back({.address = at("10.0.0.101"), .prefix = 24, .interface = "eth0"});
  one.step(Configured{{v1(), taken}}, seconds{10});
  CHECK(text(one.run(seconds{10})).empty());  // it stays where it is
  CHECK(one.has("eth0", at("10.0.0.101")));

  one.step(Configured{{v1(), v2()}}, seconds{10});
  CHECK(text(one.run(seconds{10})) == "remove eth0 10.0.0.101\n");
  CHECK(masters(one) == since_start);
}

TEST_CASE("another priority counts from the next advertisement on, and nothing happens before") {
  Host one = master({v1()});
  Instance higher = v1();
  higher.priority = 150;
  CHECK(step(one, Configured{{higher}}, seconds{10}).empty());
  const std::string lines = text(one.run(seconds{11}));
  CHECK(lines.find("send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 150\n") != std::string::npos);
  CHECK(lines.find("priority 100") == std::string::npos);
}

TEST_CASE("only another interface, id or version restarts an instance, and only it") {
  Instance id = v1("g1");
  id.id = 53;
  Instance version = v1("g1");
  version.version = Version::v2;
  Instance interface = v1("g1");
  interface.interface = "eth1";
  for (const Instance& changed : {id, version, interface}) {
    Host one = master({v1("g1"), v2("g1")});
    const std::string lines = step(one, Configured{{changed, v2("g1")}}, seconds{10});
    CHECK(lines.find("VRRP_STOPPED v1: its interface, MAC, id or version is another one") != std::string::npos);
    CHECK(lines.find(" id 52 ") == std::string::npos);
    CHECK(masters(one).find("v2 since 3609375") != std::string::npos);
  }
}

TEST_CASE("an instance that restarts without one of its addresses does not leave it behind") {
  Host one = master({v1()});
  Instance changed = instance("v1", "eth0", 53, "10.0.0.101");
  one.step(Configured{{changed}}, seconds{10});
  one.run(seconds{13});
  CHECK(!one.has("eth0", at("10.0.0.100")));
  CHECK(!one.has("lo", at("10.0.0.100")));
}

TEST_CASE("an instance that is configured no more leaves, and its addresses go") {
  Host one = master({v1(), v2()});
  CHECK(step(one, Configured{{v1()}}, seconds{10}) ==
        "send eth1 10.1.0.1 > 224.0.0.18 id 52 priority 0\n"
        "VRRP_STOPPED v2: it is not configured any more\n");
  one.run(seconds{10});
  CHECK(!one.has("eth1", at("10.1.0.100")));
  CHECK(!one.has("lo", at("10.1.0.100")));
}

// ---- The end

TEST_CASE("RFC 9568 6.4.3: a router that stops says so, and lends its addresses for two seconds") {
  Host one = master({v1()});
  CHECK(step(one, Stop{}, seconds{10}) ==
        "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 0\nVRRP_STOPPED v1: the daemon stops\n");
  one.run(seconds{11} + milliseconds{999});
  CHECK(one.has("lo", at("10.0.0.100")));
  CHECK(!one.router.finished());
  CHECK(text(one.run(seconds{12})) == "remove lo 10.0.0.100\n");
  CHECK(one.router.finished());
  CHECK(!one.router.deadline());
}

TEST_CASE("an address that was seen elsewhere and is ours again stays") {
  Host one = master({v1()});
  one.step(advert(200), seconds{10});
  one.run(seconds{10});
  one.step(Seen{{"eth0", at("10.0.0.100")}, peers_mac}, seconds{10});
  one.step(Switchover{"v1", true}, seconds{10} + milliseconds{20});
  one.run(seconds{11});
  CHECK(one.has("eth0", at("10.0.0.100")));
}

TEST_CASE("a router that stops has finished once all its addresses were seen elsewhere") {
  Host one = master({v1(), v2()});
  one.step(Stop{}, seconds{10});
  one.run(seconds{10});
  one.step(Seen{{"eth0", at("10.0.0.100")}, peers_mac}, seconds{10});
  one.run(seconds{11});
  CHECK(!one.router.finished());
  one.step(Seen{{"eth1", at("10.1.0.100")}, peers_mac}, seconds{11});
  one.run(seconds{11} + milliseconds{50});
  CHECK(one.router.finished());
}

TEST_CASE("a router that stops is not configured anew, and finishes though an interface is gone") {
  Host one = master({v1()});
  one.refusals[{"lo", at("10.0.0.100")}] = ENOBUFS;
  one.refusals[{"eth0", at("10.0.0.100")}] = ENODEV;
  one.step(Stop{}, seconds{10});
  CHECK(step(one, Configured{{v1(), v2()}}, seconds{10}).empty());
  one.run(seconds{20});
  CHECK(one.router.finished());
}

TEST_CASE("an edit that is refused is tried again, and delays no advertisement") {
  Host one = host();
  one.refusals[{"eth0", at("10.0.0.100")}] = ENOBUFS;
  one.step(Configured{{v1()}}, {});
  const std::string lines = text(one.run(seconds{10}));
  CHECK(lines.find("announce") == std::string::npos);
  CHECK(standing(one, "v1").counts.sent == 7);
  one.refusals.clear();
  CHECK(text(one.run(seconds{11})).find("announce eth0") != std::string::npos);
}

TEST_CASE("a router that is renewed keeps its addresses, and says first that it is there") {
  Host before = master({v1()});
  Host after = host();
  after.put({"eth0", at("10.0.0.100")}, {});
  const Time now = seconds{10};
  after.step(before.router.legacy(), now);
  CHECK(text(after.step(Configured{{v1(), v2()}}, now)) ==
        "VRRP_BACKUP v1: started\n"
        "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 100\n"
        "VRRP_MASTER v1: it was master before it was renewed\n"
        "VRRP_BACKUP v2: started\n");
  CHECK(text(after.run(now + milliseconds{900})).find("remove") == std::string::npos);
  CHECK(after.has("eth0", at("10.0.0.100")));
}

}  // namespace router_life_test
