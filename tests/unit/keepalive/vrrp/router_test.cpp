// The router as its shell sees it: events, and what it does about them as a transcript.
#include <string>

#include "base/bytes.hpp"
#include "two_links.hpp"

namespace router_test {

using namespace two_links;

// ---- Start and taking over

TEST_CASE("a router starts as backup and then says so first, holds the addresses next, and announces them last") {
  Host one = host();
  CHECK(step(one, Configured{{v1()}}, {}) == "VRRP_BACKUP v1: started\n");
  CHECK(text(one.run(down_100 - Time{1})).empty());
  CHECK(text(one.run(down_100)) ==
        "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 100\n"
        "VRRP_MASTER v1: no advertisement for 3609 ms\n"
        "add eth0 10.0.0.100\n"
        "announce eth0 5 addresses\n");
}

TEST_CASE("thousands of addresses are added in slices, and the first are announced before the last are there") {
  Host one = host();
  std::vector<std::string> many;
  for (int i = 0; i < 600; ++i) many.push_back("10.9." + std::to_string(i / 250) + "." + std::to_string(i % 250));
  one.step(Configured{{v1(100, many)}}, {});
  const std::string lines = text(one.run(down_100));
  CHECK(only(lines, "add") == "add eth0 256 addresses\nadd eth0 256 addresses\nadd eth0 88 addresses\n");
  CHECK(lines.find("announce") < lines.find("add eth0 88 addresses"));
}

TEST_CASE("RFC 9568 6.4.1: the owner of the addresses is master as it starts") {
  Host one = host();
  CHECK(step(one, Configured{{v1(255)}}, {}) ==
        "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 255\n"
        "VRRP_MASTER v1: it owns the addresses\n");
  CHECK(one.router.deadline() == Time{0});  // for the addresses
}

TEST_CASE("a predecessor's addresses are removed as a backup starts, whether they are seen before or after") {
  Host before = host();
  before.put({"eth0", at("10.0.0.100")}, {});
  before.step(Configured{{v1()}}, {});
  CHECK(text(before.run(seconds{1})) == "remove eth0 10.0.0.100\n");
  Host after = host();
  after.step(Configured{{v1()}}, {});
  after.put({"eth0", at("10.0.0.100")}, {});
  after.put({"lo", at("10.0.0.100")}, {});
  CHECK(text(after.run(seconds{1})) == "remove eth0 10.0.0.100\nremove lo 10.0.0.100\n");
}

TEST_CASE("a master announces what it holds already") {
  Host one = host();
  one.put({"eth0", at("10.0.0.100")}, {});
  one.step(Configured{{v1(255)}}, {});
  CHECK(only(text(one.run({})), "a") == "announce eth0 5 addresses\n");
}

TEST_CASE("an address that somebody removes from a master is put back and announced") {
  Host one = master({v1()});
  CHECK(text(one.take_away({"eth0", at("10.0.0.100")}, seconds{10})) ==
        "ADDRESS_REPAIRED v1: somebody else removed it\n");
  CHECK(text(one.run(seconds{10})) == "add eth0 10.0.0.100\nannounce eth0 5 addresses\n");
}

TEST_CASE("nothing is announced while the interface is not there") {
  Host one = host();
  Instance instance = v1(255, {});
  instance.addresses = {{.address = at("10.7.0.1"), .interface = "eth7"}};
  one.step(Configured{{instance}}, {});
  CHECK(text(one.run({})) == "add eth7 10.7.0.1\n");
}

// ---- What is sent

TEST_CASE("RFC 9568 7.2: a packet goes from the interface's address to the group with TTL 255") {
  Host four = host();
  const Actions said = four.step(Configured{{v1(255)}}, {});
  CHECK(std::get<Transmit>(said.front()).envelope ==
        Envelope{.source = at("10.0.0.1"), .destination = at("224.0.0.18"), .ttl = 255});
  Host one = host();
  one.put({"eth0", at("fd00::1")}, {});
  one.put({"eth0", at("fe80::1")}, {});
  Instance six = v1(255, {"fd00::100", "fe80::100"});
  six.family = ipvs::Family::ipv6;
  const Actions actions = one.step(Configured{{six}}, {});
  const auto& sent = std::get<Transmit>(actions.front());
  CHECK(sent.envelope == Envelope{.source = at("fe80::1"), .destination = at("ff02::12"), .ttl = 255});
}

TEST_CASE("RFC 9568 5.2.9: the first address of IPv6 is the link-local one") {
  Host one = host();
  one.put({"eth0", at("fe80::1")}, {});
  Instance six = v1(255, {"fd00::100", "fe80::100"});
  six.family = ipvs::Family::ipv6;
  const Actions actions = one.step(Configured{{six}}, {});
  CHECK(std::get<Transmit>(actions.front()).bytes.substr(8, 4) == std::string("\xfe\x80\0\0", 4));
}

TEST_CASE("RFC 9568 5.2.9: only addresses of the packet's family stand in it, and none that is excluded") {
  Instance mixed = v1(255, {"10.0.0.100", "fd00::100", "10.0.0.101"});
  mixed.addresses[2].excluded = true;
  Host one = host();
  const Actions actions = one.step(Configured{{mixed}}, {});
  CHECK(std::get<Transmit>(actions.front()).bytes.size() == 12);
  CHECK(text(one.run({})).find("add eth0 10.0.0.100 fd00::100 10.0.0.101\n") == 0);
}

TEST_CASE("with peers a packet goes to each of them, with the TTL that is wanted") {
  Instance unicast = v1(255);
  unicast.peers = {{.address = at("10.0.0.2")}, {.address = at("10.0.0.3")}};
  unicast.ttl = 9;
  Host one = host();
  const Actions actions = one.step(Configured{{unicast}}, {});
  CHECK(only(text(actions), "send") ==
        "send eth0 10.0.0.1 > 10.0.0.2 id 51 priority 255\n"
        "send eth0 10.0.0.1 > 10.0.0.3 id 51 priority 255\n");
  CHECK(std::get<Transmit>(actions.front()).envelope.ttl == 9);
}

TEST_CASE("RFC 9568 5.2.8: the checksum is the peer's kind, where it is to be mirrored") {
  Host one = master({v1()});
  Received heard = advert(0);
  const Advertisement told{.id = 51, .priority = 0, .interval = seconds{1}, .addresses = {at("10.0.0.100")}};
  heard.bytes = encode(told, heard.envelope, Checksum::plain);
  const Actions answer = one.step(heard, seconds{10});
  const auto& sent = std::get<Transmit>(answer.front());
  CHECK(std::get<Heard>(decode(base::as_bytes(sent.bytes), sent.envelope)).checksum == Checksum::plain);
}

// ---- What is heard

TEST_CASE("RFC 9568 7.1: a packet that fails a check is dropped, counted by its reason, and told of once") {
  struct Row {
    Drop reason;
    Received packet;
  };
  const auto with = [](auto change) {
    Received packet = advert(200);
    change(packet);
    return packet;
  };
  const auto told = [](const Advertisement& each) {
    Received packet = advert(200);
    packet.bytes = encode(each, packet.envelope, Checksum::pseudo_header);
    return packet;
  };
  const std::vector<ipvs::Address> list{at("10.0.0.100")};
  for (const Row& row : {
           Row{Drop::too_short, with([](Received& one) { one.bytes.resize(11); })},
           Row{Drop::version, with([](Received& one) { one.bytes[0] = 0x41; })},
           Row{Drop::type, with([](Received& one) { one.bytes[0] = 0x32; })},
           Row{Drop::interval, told({.id = 51, .interval = Time{0}, .addresses = list})},
           Row{Drop::too_long, with([](Received& one) { one.bytes += "x"; })},
           Row{Drop::checksum, with([](Received& one) { one.bytes[2] = 1; })},
           Row{Drop::own_address, advert(200, "10.0.0.1")},
           Row{Drop::ttl, with([](Received& one) { one.envelope.ttl = 254; })},
           Row{Drop::other_version,
               told({.version = Version::v2, .id = 51, .interval = seconds{1}, .addresses = list})},
           Row{Drop::no_address, told({.id = 51, .interval = seconds{1}})},
       }) {
    CAPTURE(to_string(row.reason));
    Host one = host();
    one.step(Configured{{v1()}}, {});
    CHECK(step(one, row.packet, seconds{1}) == "VRRP_IGNORED v1: " + std::string{to_string(row.reason)} + "\n");
    CHECK(step(one, row.packet, seconds{2}).empty());
    CHECK(dropped(one, row.reason) == 2);
    CHECK(one.router.instances().at("v1").counts.heard == 0);
    CHECK(one.router.deadline() == down_100);  // it changes nothing
  }
}

TEST_CASE("RFC 9568 7.1: the VRID must be one of the receiving interface") {
  Host one = host();
  one.step(Configured{{v1()}}, {});
  CHECK(step(one, advert(200, "10.0.0.2", 52), seconds{1}).empty());
  Received elsewhere = advert(200);
  elsewhere.interface = "eth1";
  one.step(elsewhere, seconds{1});
  CHECK(one.router.stray().at(static_cast<std::size_t>(Drop::unknown_id)) == 2);
  CHECK(one.router.deadline() == down_100);
}

TEST_CASE("version 2: interval and password must be ours") {
  Instance old = v1();
  old.version = Version::v2;
  old.password = "s3cret";
  Host one = host();
  one.step(Configured{{old}}, {});
  Received packet = advert(200);
  const auto hear = [&](Time interval, const char* password) {
    const Advertisement told{Version::v2, 51, 200, interval, {at("10.0.0.100")}, password};
    packet.bytes = encode(told, packet.envelope, Checksum::plain);
    one.step(packet, seconds{1});
  };
  hear(seconds{2}, "s3cret");
  hear(seconds{1}, "wrong");
  hear(seconds{1}, "");
  CHECK(dropped(one, Drop::other_interval) == 1);
  CHECK(dropped(one, Drop::password) == 2);
  hear(seconds{1}, "s3cret");
  CHECK(one.router.instances().at("v1").counts.heard == 1);
}

TEST_CASE("with peers only they are heard, within their TTL; without, only the group") {
  Instance unicast = v1();
  unicast.peers = {{.address = at("10.0.0.2"), .least_ttl = 250}};
  Host one = host();
  one.step(Configured{{unicast}}, {});
  const auto hear = [&](const char* source, const char* destination, int ttl) {
    Received packet = advert(200);
    packet.envelope = {.source = at(source), .destination = at(destination), .ttl = ttl};
    const Advertisement told{.id = 51, .priority = 200, .interval = seconds{1}, .addresses = {at("10.0.0.100")}};
    packet.bytes = encode(told, packet.envelope, Checksum::pseudo_header);
    one.step(packet, seconds{1});
  };
  hear("10.0.0.3", "10.0.0.1", 255);
  hear("10.0.0.2", "224.0.0.18", 255);
  CHECK(dropped(one, Drop::not_a_peer) == 2);
  hear("10.0.0.2", "10.0.0.1", 249);
  CHECK(dropped(one, Drop::ttl) == 1);
  hear("10.0.0.2", "10.0.0.1", 250);
  CHECK(one.router.instances().at("v1").counts.heard == 1);
  one.step(Configured{{v1()}}, seconds{1});
  hear("10.0.0.2", "10.0.0.1", 255);
  CHECK(dropped(one, Drop::not_a_peer) == 3);
}

TEST_CASE("one that has no address to advertise hears those that have none, either") {
  Host one = host();
  one.step(Configured{{v1(100, {})}}, {});
  Received packet = advert(200);
  packet.bytes = encode({.id = 51, .priority = 200, .interval = seconds{1}}, packet.envelope, Checksum::pseudo_header);
  CHECK(step(one, packet, seconds{1}).empty());
  CHECK(one.router.instances().at("v1").counts.heard == 1);
}

// ---- Other masters

TEST_CASE("a master that hears a better one lends its addresses at once, for two seconds") {
  Host one = master({v1()});
  CHECK(step(one, advert(200), seconds{10}) == "VRRP_BACKUP v1: 10.0.0.2 advertises priority 200\n");
  CHECK(text(one.run(seconds{10})) == "add lo 10.0.0.100\nremove eth0 10.0.0.100\n");
  CHECK(text(one.run(seconds{12})) == "remove lo 10.0.0.100\n");
}

TEST_CASE("what is lent goes 50 ms after the address was seen elsewhere: what came before is still answered") {
  Host one = master({v1()});
  one.step(advert(200), seconds{10});
  one.run(seconds{10});
  one.step(Seen{{"eth0", at("10.0.0.100")}, our_mac}, seconds{10});
  CHECK(text(one.run(seconds{11})).empty());
  for (int i = 0; i < 5; ++i) one.step(Seen{{"eth0", at("10.0.0.100")}, peers_mac}, seconds{11});
  CHECK(text(one.run(seconds{11} + milliseconds{49})).empty());
  CHECK(text(one.run(seconds{11} + milliseconds{50})) == "remove lo 10.0.0.100\n");
  CHECK(text(one.run(seconds{12})).empty());
}

TEST_CASE("RFC 9568 6.4.3: a rival of lower priority is contradicted at once, and neighbours are told again") {
  Host one = master({v1()}, seconds{30});
  CHECK(step(one, advert(50), seconds{30}) == "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 100\n");
  CHECK(text(one.run(seconds{30})) == "announce eth0 5 addresses\n");
}

TEST_CASE("two masters are an alert once, and it ends; neighbours are told once a second, not more") {
  Host one = master({v1()}, seconds{30});
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += step(one, advert(50), seconds{30} + milliseconds{100} * i);
  CHECK(only(lines, "VRRP_R") == "VRRP_RIVAL v1: it does not hear us, or does not give way\n");
  CHECK(one.router.instances().at("v1").contradicted == seconds{31});
  CHECK(only(text(one.run(seconds{40})), "VRRP_R") == "VRRP_RIVAL_GONE v1: vrrp v1 has one master\n");
}

TEST_CASE("the alert of two masters ends as well when we are the one that gives way") {
  Host one = master({v1()});
  for (int i = 0; i < 3; ++i) one.step(advert(50), seconds{10});
  CHECK(only(step(one, advert(200), seconds{11}), "VRRP") ==
        "VRRP_RIVAL_GONE v1: vrrp v1 has one master\n"
        "VRRP_BACKUP v1: 10.0.0.2 advertises priority 200\n");
}

TEST_CASE("an address seen with a foreign MAC is announced again, and told of once a second") {
  Host one = master({v1()}, seconds{30});
  CHECK(step(one, Seen{{"eth0", at("10.0.0.100")}, peers_mac}, seconds{30}) ==
        "ADDRESS_CONFLICT v1: its MAC was seen in ARP or neighbour discovery\n");
  CHECK(text(one.run(seconds{30})) == "announce eth0 5 addresses\n");
  CHECK(step(one, Seen{{"eth0", at("10.0.0.100")}, peers_mac}, seconds{30} + milliseconds{999}).empty());
  CHECK(!step(one, Seen{{"eth0", at("10.0.0.100")}, peers_mac}, seconds{31}).empty());
}

// ---- The operator

TEST_CASE("a switchover to backup says so, lends the addresses, and is not undone by priority") {
  Host one = master({v1(200)});
  CHECK(step(one, Switchover{"v1", false}, seconds{10}) == goodbye + "VRRP_BACKUP v1: an operator asked for it\n");
  CHECK(text(one.run(seconds{10})) == "add lo 10.0.0.100\nremove eth0 10.0.0.100\n");
  for (int i = 0; i < 30; ++i) {
    one.run(seconds{11 + i});
    one.step(advert(100), seconds{11 + i});
  }
  CHECK(state(one) == State::backup);
}

TEST_CASE("a switchover to master takes the addresses with priority 254") {
  Host one = host();
  one.step(Configured{{v1()}}, {});
  one.step(advert(200), seconds{1});
  CHECK(step(one, Switchover{"v1", true, "ada"}, seconds{2}) ==
        "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 254\n"
        "VRRP_MASTER v1: ada asked for it\n");
  CHECK(step(one, advert(200), seconds{2}) == "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 254\n");
  CHECK(step(one, Switchover{"nobody", true}, seconds{2}).empty());
}

TEST_CASE("an address that is lent and wanted again never leaves this host") {
  Host one = master({v1()});
  one.step(Switchover{"v1", false}, seconds{10});
  one.run(seconds{10});
  one.step(Switchover{"v1", true}, seconds{11});
  CHECK(text(one.run(seconds{11})) == "add eth0 10.0.0.100\nremove lo 10.0.0.100\nannounce eth0 5 addresses\n");
}

TEST_CASE("a switchover moves the whole group, and lastingly") {
  Host one = host();
  one.step(Configured{{grouped(v1()), v2("g1")}}, {});
  CHECK(only(step(one, Switchover{"v1", true}, seconds{2}), "send") ==
        "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 254\n"
        "send eth1 10.1.0.1 > 224.0.0.18 id 52 priority 254\n");
  one.step(advert(200, "10.1.0.2", 52), seconds{2});
  CHECK(state(one, "v2") == State::master);
  one.run(seconds{10});
  one.step(Switchover{"v2", false}, seconds{10});
  for (int i = 0; i < 30; ++i) {
    one.run(seconds{11 + i});
    one.step(advert(50), seconds{11 + i});
    one.step(advert(50, "10.1.0.2", 52), seconds{11 + i});
  }
  CHECK(state(one) == State::backup);
  CHECK(state(one, "v2") == State::backup);
}

}  // namespace router_test
