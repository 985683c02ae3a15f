// Routes and rules of a master, further interfaces of its announcements, links that flap, virtual MACs.
#include <doctest/doctest.h>

#include <string>

#include "core/vrrp/router.hpp"
#include "host.hpp"

namespace router_ways_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr Mac our_mac{2, 0, 0, 0, 0, 1};
constexpr Time down_100{3'609'375};

ipvs::Address at(const std::string& text) { return *ipvs::Address::parse(text); }

Instance v1() {
  Instance one{.name = "v1", .interface = "eth0", .id = 51};
  one.addresses = {{.address = at("10.0.0.100"), .prefix = 24}};
  return one;
}

Instance with_ways() {
  Instance one = v1();
  one.routes = {{.destination = {at("10.9.0.0"), 16}, .via = at("10.0.0.254")}};
  one.rules = {{.table = 100, .priority = 1000}};
  return one;
}

/// Its interfaces work, and it is 10.0.0.1.
Host host() {
  Host host;
  for (const char* interface : {"eth0", "eth1"}) host.step(LinkIs{interface, Link{.mac = our_mac, .works = true}}, {});
  host.put({"eth0", at("10.0.0.1")}, {});
  return host;
}

void link(Host& host, bool works, Time now) { host.step(LinkIs{"eth0", Link{.mac = our_mac, .works = works}}, now); }

State state(const Host& host) { return host.router.instances().at("v1").machine.state(); }

Received advert(std::uint8_t priority, std::uint8_t id = 51) {
  const Envelope envelope{.source = at("10.0.0.2"), .destination = at("224.0.0.18")};
  const Advertisement told{.id = id, .priority = priority, .interval = seconds{1}, .addresses = {at("10.0.0.100")}};
  return {"eth0", envelope, encode(told, envelope, Checksum::pseudo_header)};
}

std::string only(const std::string& lines, std::string_view word) {
  std::string found;
  for (std::size_t from = 0, to = 0; from < lines.size(); from = to + 1) {
    to = lines.find('\n', from);
    if (lines.compare(from, word.size(), word) == 0) found += lines.substr(from, to - from + 1);
  }
  return found;
}

}  // namespace

TEST_CASE("routes come after the addresses and go before them; a predecessor's go at the start") {
  Host one = host();
  CHECK(text(one.step(Configured{{with_ways()}}, {})) == "withdraw v1 1 routes 1 rules\nVRRP_BACKUP v1: started\n");
  CHECK(text(one.run(down_100)) ==
        "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 100\n"
        "VRRP_MASTER v1: no advertisement for 3609 ms\n"
        "add eth0 10.0.0.100\n"
        "lay v1 1 routes 1 rules\n"
        "announce eth0 5 addresses\n");
  CHECK(text(one.step(Stop{}, seconds{4})) ==
        "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 0\n"
        "VRRP_STOPPED v1: the daemon stops\n"
        "withdraw v1 1 routes 1 rules\n");
}

TEST_CASE("routes wait for the last slice of addresses") {
  Host one = host();
  Instance many = with_ways();
  for (int i = 0; i < 300; ++i)
    many.addresses.push_back({.address = at("10.9." + std::to_string(i / 250) + "." + std::to_string(i % 250))});
  one.step(Configured{{many}}, {});
  const std::string lines = text(one.run(down_100));
  CHECK(lines.find("add eth0 45 addresses\n") < lines.find("lay v1 1 routes 1 rules\n"));
  CHECK(lines.find("lay v1 1 routes 1 rules\n") != std::string::npos);
}

TEST_CASE("routes do not wait for an address that the kernel refuses") {
  Host one = host();
  one.refusals[{"eth0", at("10.0.0.100")}] = 13;
  one.step(Configured{{with_ways()}}, {});
  CHECK(only(text(one.run(down_100)), "lay") == "lay v1 1 routes 1 rules\n");
}

TEST_CASE("other routes of a master come with the configuration; what it had beside them goes") {
  Host one = host();
  one.step(Configured{{with_ways()}}, {});
  one.run(down_100);
  CHECK(text(one.step(Configured{{with_ways()}}, seconds{4})).empty());
  Instance more = with_ways();
  more.routes.push_back({.destination = {at("10.66.0.0"), 16}, .kind = Route::Kind::blackhole});
  CHECK(text(one.step(Configured{{more}}, seconds{4})) == "lay v1 2 routes 1 rules\n");
  CHECK(text(one.step(Configured{{v1()}}, seconds{4})) == "withdraw v1 0 routes 0 rules\n");
  CHECK(text(one.step(Configured{{with_ways()}}, seconds{4})) == "lay v1 1 routes 1 rules\n");
}

TEST_CASE("addresses are announced on further interfaces, too, as long as it is master") {
  Host one = host();
  Instance instance = v1();
  instance.announce_on = {"eth1", "eth0", "eth9"};
  instance.announcing.delay = seconds{5};
  one.step(Configured{{instance}}, {});
  CHECK(only(text(one.run(down_100)), "announce") == "announce eth0 5 addresses\nannounce eth1 5 addresses\n");
  one.step(Configured{{v1()}}, seconds{4});
  CHECK(only(text(one.run(seconds{9})), "announce") == "announce eth0 5 addresses\n");
  one.step(Configured{{instance}}, seconds{10});
  CHECK(only(text(one.run(seconds{10})), "announce eth1") == "announce eth1 5 addresses\n");
  one.step(Switchover{"v1", false}, seconds{10});
  CHECK(only(text(one.run(seconds{12})), "announce").empty());
}

TEST_CASE("a link that is down for less than down_delay is not at fault") {
  Host one = host();
  Instance instance = v1();
  instance.down_delay = milliseconds{500};
  one.step(Configured{{instance}}, {});
  link(one, false, seconds{1});
  link(one, true, milliseconds{1400});
  one.run(seconds{2});
  CHECK(state(one) == State::backup);
  link(one, false, seconds{2});
  CHECK(text(one.run(milliseconds{2499})).empty());
  CHECK(text(one.run(milliseconds{2500})) == "VRRP_FAULT v1: interface eth0 is down\n");
}

TEST_CASE("a link must be up for up_delay without a break; one that is gone is down at once") {
  Host one = host();
  Instance instance = v1();
  instance.up_delay = seconds{5};
  instance.down_delay = seconds{5};
  one.step(Configured{{instance}}, {});  // it counts as it is
  CHECK(state(one) == State::backup);
  one.step(LinkIs{"eth0", std::nullopt}, seconds{1});
  CHECK(state(one) == State::fault);
  link(one, true, seconds{2});
  link(one, false, seconds{4});
  link(one, true, seconds{5});
  one.run(milliseconds{9999});
  CHECK(state(one) == State::fault);
  CHECK(one.router.instances().at("v1").faults.begin()->first == "interface eth0 is not up for long enough yet");
  one.run(seconds{10});
  CHECK(state(one) == State::backup);
}

TEST_CASE("RFC 9568 7.3: with a virtual MAC it speaks, holds and announces on an interface of its own") {
  Host one = host();
  Instance virtual_one = v1();
  virtual_one.virtual_mac = "vrrp.51";
  CHECK(text(one.step(Configured{{virtual_one}}, {})) ==
        "VRRP_FAULT v1: interface vrrp.51 with its virtual MAC is not there\n");
  one.step(LinkIs{"vrrp.51", Link{.mac = our_mac, .works = true}}, {});
  CHECK(state(one) == State::fault);  // somebody else's
  const Link its{.mac = {0, 0, 0x5e, 0, 1, 51}, .works = true};
  CHECK(text(one.step(LinkIs{"vrrp.51", its}, {})) ==
        "VRRP_BACKUP v1: no more: interface vrrp.51 with its virtual MAC is not there\n");
  Received heard = advert(200);
  CHECK(text(one.step(heard, seconds{1})).empty());  // below, where what has our MAC does not come
  CHECK(one.router.instances().at("v1").counts.heard == 0);
  heard.interface = "vrrp.51";
  one.step(heard, seconds{1});
  CHECK(one.router.instances().at("v1").counts.heard == 1);
  heard = advert(200, 52);
  heard.interface = "vrrp.51";
  one.step(heard, seconds{1});  // it is another router's: not even counted
  CHECK(one.router.stray().at(static_cast<std::size_t>(Drop::unknown_id)) == 1);
  const std::string lines = text(one.run(seconds{5}));
  CHECK(lines.find("send vrrp.51 10.0.0.1 > 224.0.0.18 id 51 priority 100\n") == 0);
  CHECK(lines.find("add vrrp.51 10.0.0.100\nannounce vrrp.51 5 addresses\n") != std::string::npos);
}

TEST_CASE("to peers it speaks without the virtual MAC") {
  Host one = host();
  Instance unicast = v1();
  unicast.priority = 255;
  unicast.virtual_mac = "vrrp.51";
  unicast.peers = {{.address = at("10.0.0.2")}};
  one.step(LinkIs{"vrrp.51", Link{.mac = {0, 0, 0x5e, 0, 1, 51}, .works = true}}, {});
  CHECK(only(text(one.step(Configured{{unicast}}, {})), "send") ==
        "send eth0 10.0.0.1 > 10.0.0.2 id 51 priority 255\n");
  CHECK(only(text(one.run({})), "add") == "add vrrp.51 10.0.0.100\n");
}

}  // namespace router_ways_test
