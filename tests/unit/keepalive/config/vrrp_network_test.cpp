#include <doctest/doctest.h>

#include "vrrp_texts.hpp"

namespace vrrp_network_test {

using namespace keepalive;
using namespace keepalive::test;
using keepalive::vrrp::Instance;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a virtual MAC has an interface of its own, by the id or by name") {
  CHECK(router("virtual_mac = yes\n").virtual_mac == "vrrp.51");
  CHECK(router("virtual_mac = yes\nfamily = ipv6\n").virtual_mac == "vrrp6.51");
  CHECK(router("virtual_mac = vip0\n").virtual_mac == "vip0");
  CHECK(router("virtual_mac = no\n").virtual_mac.empty());
  CHECK(told("virtual_mac = yes\n[vrrp v2]\ninterface = eth1\nid = 51\nvirtual_mac = yes\n") ==
        "[vrrp v1] has an interface vrrp.51 already: write another name instead of `yes'");
}

TEST_CASE("an address may have another end, a broadcast address and no route") {
  const Instance one = router(
      "addresses = 10.0.0.100/32 peer 10.0.0.1 dev ppp0, 10.0.1.100 peer 10.0.1.1/30, "
      "10.0.2.1/24 brd 10.0.2.255 noprefixroute\n");
  CHECK(
      one.addresses ==
      std::vector{vrrp::VirtualAddress{.address = at("10.0.0.100"), .interface = "ppp0", .peer = at("10.0.0.1")},
                  vrrp::VirtualAddress{.address = at("10.0.1.100"), .prefix = 30, .peer = at("10.0.1.1")},
                  vrrp::VirtualAddress{
                      .address = at("10.0.2.1"), .prefix = 24, .broadcast = at("10.0.2.255"), .prefix_route = false}});
}

TEST_CASE("routes and rules are written as ip takes them") {
  const Instance one = router(
      "routes = 10.9.0.0/16 via 10.0.0.254 dev eth0 table 100 metric 10 src 10.0.0.100 mtu 1400 onlink\n"
      "routes = blackhole 10.66.0.0/16, default via fe80::1 dev eth0 table main, 10.8.0.1 dev eth1 scope link\n"
      "rules = from 10.0.0.0/24 to all table 100 priority 1000, fwmark 0x10/0xff iif eth1 oif eth2 lookup main "
      "priority 5\n"
      "family = ipv6\n");
  using vrrp::Prefix;
  using vrrp::Route;
  using vrrp::Rule;
  CHECK(one.routes ==
        std::vector{Route{.destination = {at("10.9.0.0"), 16},
                          .via = at("10.0.0.254"),
                          .interface = "eth0",
                          .source = at("10.0.0.100"),
                          .table = 100,
                          .metric = 10,
                          .mtu = 1400,
                          .onlink = true},
                    Route{.destination = {at("10.66.0.0"), 16}, .kind = Route::Kind::blackhole},
                    Route{.destination = {at("::"), 0}, .via = at("fe80::1"), .interface = "eth0", .table = 254},
                    Route{.destination = {at("10.8.0.1"), 32}, .interface = "eth1", .scope = "link"}});
  CHECK(one.rules == std::vector{Rule{.from = Prefix{at("10.0.0.0"), 24}, .table = 100, .priority = 1000},
                                 Rule{.family = ipvs::Family::ipv6,
                                      .in = "eth1",
                                      .out = "eth2",
                                      .mark = 0x10,
                                      .mark_mask = 0xff,
                                      .table = 254,
                                      .priority = 5}});
}

TEST_CASE("what else goes with a virtual router") {
  const Instance one = router("announce_on = eth1, eth2\naccept = no\nup_delay = 5s\ndown_delay = 300ms\n");
  CHECK(one.announce_on == std::vector<std::string>{"eth1", "eth2"});
  CHECK(!one.accept);
  CHECK(one.up_delay == seconds{5});
  CHECK(one.down_delay == milliseconds{300});
}

TEST_CASE("what cannot be of a virtual router's network is told at its place") {
  struct Row {
    const char* lines;
    const char* fault;
  };
  for (const Row& row : {
           Row{"virtual_mac = a name\n",
               "virtual_mac: wants `yes', `no' or a name for its interface: at most 15 letters"},
           Row{"virtual_mac = eth0\n", "is `interface' itself: it wants a name that is free"},
           Row{"addresses = 10.0.0.1/32 peer fe80::1\n", "addresses: `fe80::1' can be no peer of it"},
           Row{"addresses = 10.0.0.1-2/32 peer 10.0.0.9\n", "addresses: a range has no peer"},
           Row{"addresses = 10.0.0.1/32 brd x\n", "addresses: `x' is no broadcast address of IPv4"},
           Row{"announce_on = eth1, a b\n", "announce_on: wants interfaces' names: at most 15 letters each"},
           Row{"down_delay = 2h\n", "down_delay: wants a time such as 2s or 100ms, from 0 to 1h"},
           Row{"routes = 10.0.0.0/33 dev eth0\n",
               "routes: `10.0.0.0/33' is no prefix such as 10.9.0.0/16, and not default"},
           Row{"routes = 10.9.0.0/16\n", "routes: wants `via ADDRESS' or `dev INTERFACE'"},
           Row{"routes = blackhole 10.9.0.0/16 dev eth0\n", "routes: leads nowhere: it has no `via' and no `dev'"},
           Row{"routes = default via\n", "routes: `via' wants something behind it"},
           Row{"routes = default vai 10.0.0.1\n",
               "routes: `vai' is no option of it: via, dev, src, table, metric, mtu, scope; did you mean `via'?"},
           Row{"routes = default via 10.0.0.1 table x\n",
               "routes: `table' wants a number from 1 to 4294967295, or main, default or local"},
           Row{"routes = default via 10.0.0.1 onlink\n", "routes: `onlink' wants `via' and `dev'"},
           Row{"routes = default via 10.0.0.1 src fe80::1\n",
               "routes: `src' is of another address family than its destination"},
           Row{"rules = from 10.0.0.0/24 table 100\n",
               "rules: wants `priority NUMBER': without one nobody could tell that it is there"},
           Row{"rules = from 10.0.0.0/24 priority 5\n", "rules: wants `table NUMBER'"},
           Row{"rules = from x table 1 priority 5\n", "rules: `from' wants a prefix such as 10.0.0.0/8, or all"},
           Row{"rules = fwmark 0x1/0 table 1 priority 5\n", "rules: `fwmark' wants a mark such as 7 or 0x10/0xff"},
           Row{"rules = from 10.0.0.0/8 to fe80::/64 table 1 priority 5\n",
               "rules: `from' and `to' are of different address families"},
       }) {
    CAPTURE(row.lines);
    CHECK(told(row.lines) == row.fault);
  }
}

}  // namespace vrrp_network_test
