#include "net/links.hpp"

#include <string>
#include <vector>

#include "fixture.hpp"
#include "net/edits.hpp"

namespace keepalive::net::test {
namespace {

/// Host a and what its kernel tells.
struct Watched {
  Hosts hosts = {};
  std::vector<Change> changes = {};
  std::unique_ptr<Links> links = {};
  Index wire = 0;

  Watched() {
    const In in{"a"};
    wire = index_of("wire");
    links = good(Links::open(hosts.io, [this](const Change& change) { changes.push_back(change); }));
    hosts.until([&] { return links->ready(); });
    hosts.settle();
  }

  /// What was told since the last time, in one.
  Change news() {
    hosts.settle();
    Change all;
    for (Change& change : changes) {
      all.links.merge(change.links);
      all.addresses.merge(change.addresses);
      all.routes |= change.routes;
    }
    changes.clear();
    return all;
  }

  void shell_in_a(const std::string& command) {
    const In in{"a"};
    shell(command);
  }
};

TEST_CASE("at first everything is told, in one") {
  Watched a;
  REQUIRE(a.changes.size() == 1);
  CHECK(a.links->links().size() == a.changes[0].links.size());
  CHECK(a.links->addresses() == a.changes[0].addresses);
  REQUIRE(a.links->find("wire") != nullptr);
  CHECK(*a.links->find("wire") == Link{.index = a.wire,
                                       .name = "wire",
                                       .mac = {2, 0, 0, 0, 0, 1},
                                       .mtu = 1500,
                                       .up = true,
                                       .running = true,
                                       .kind = "veth"});
  CHECK(a.links->holds({address("10.1.0.1"), 24, a.wire}));
  CHECK(a.links->holds({address("fe80::1"), 64, a.wire}));
  CHECK_FALSE(a.links->holds({address("10.1.0.1"), 32, a.wire}));
  CHECK(a.links->find("nowhere") == nullptr);
  CHECK(a.links->find(Index{999}) == nullptr);
}

TEST_CASE("a link that goes down, loses its carrier, changes, goes or comes is told") {
  Watched a;
  a.news();
  shell("ip -n b link set dev wire down");
  a.hosts.until([&] { return !a.links->find(a.wire)->running; });  // told late: the kernel does so once a second
  CHECK(a.news().links == std::set{a.wire});
  CHECK(a.links->find(a.wire)->up);
  CHECK_FALSE(a.links->find(a.wire)->running);
  shell("ip -n b link set dev wire up");
  a.hosts.until([&] { return a.links->find(a.wire)->works(); });
  a.news();
  shell("ip -n a link set dev wire mtu 1400");
  CHECK(a.news().links == std::set{a.wire});
  CHECK(a.links->find(a.wire)->mtu == 1400);
  shell("ip -n a link set dev wire down");
  CHECK(a.news().links == std::set{a.wire});
  CHECK_FALSE(a.links->find(a.wire)->up);
  shell("ip -n a link delete dev wire");
  CHECK(a.news().links == std::set{a.wire});
  CHECK(a.links->find("wire") == nullptr);
  CHECK(a.links->addresses().count({address("10.1.0.1"), 24, a.wire}) == 0);
}

TEST_CASE("macvlan, VLAN, bridge's port and VRF are told for what they are") {
  Watched a;
  a.shell_in_a(
      "ip link add link wire name v5 type vlan id 5 && ip link add link wire name m1 type macvlan mode private && "
      "ip link add red type vrf table 10 && ip link add bridge0 type bridge && ip link add port type dummy && "
      "ip link set dev v5 master red && ip link set dev port master bridge0");
  a.news();
  CHECK(a.links->find("v5")->kind == "vlan");
  CHECK(a.links->find("v5")->lower == a.wire);
  CHECK(a.links->find("v5")->master == a.links->find("red")->index);
  CHECK(a.links->find("red")->table == 10);
  CHECK(a.links->find("m1")->kind == "macvlan");
  CHECK(a.links->find("m1")->lower == a.wire);
  const Index port = a.links->find("port")->index;
  CHECK(a.links->find(port)->master == a.links->find("bridge0")->index);
  a.shell_in_a("ip link set dev port nomaster");
  a.news();
  REQUIRE(a.links->find(port) != nullptr);  // a bridge says that its port is deleted
  CHECK(a.links->find(port)->master == 0);
}

TEST_CASE("addresses that come and go by whatever hand are told, with their other end") {
  Watched a;
  a.news();
  a.shell_in_a("ip address add 10.7.0.1 peer 10.7.0.2/32 dev wire && ip address add fd00::7/128 dev wire nodad");
  const HeldAddress four{address("10.7.0.1"), 32, a.wire, address("10.7.0.2")};
  const HeldAddress six{address("fd00::7"), 128, a.wire};
  CHECK(a.news().addresses == std::set{four, six});
  CHECK(a.links->holds(four));
  a.shell_in_a("ip address flush dev wire to 10.7.0.0/16 && ip address del fd00::7/128 dev wire");
  CHECK(a.news().addresses == std::set{four, six});
  CHECK_FALSE(a.links->holds(four));
  CHECK_FALSE(a.links->holds(six));
}

TEST_CASE("a flood of messages that no buffer holds leaves a true picture") {
  using namespace std::chrono_literals;
  Watched a;
  a.news();
  std::vector<InterfaceAddress> all(100);
  std::vector<HeldAddress> held;
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].held = {ipvs::Address{std::array<std::uint8_t, 4>{10, 7, 0, static_cast<std::uint8_t>(i)}}, 32, a.wire};
    held.push_back(all[i].held);
  }
  {
    const In in{"a"};
    Edits edits = good(Edits::open());
    for (int i = 0; i < 300; ++i) {
      REQUIRE(edits.add(all, 1h) == Answers(all.size(), 0));
      REQUIRE(edits.remove(std::span{held}.first(i == 299 ? 1 : held.size()), 1h).front() == 0);
    }
  }
  a.news();
  CHECK(a.links->addresses().size() == held.size() + 3);  // two of each link, and all but one of these
  CHECK_FALSE(a.links->holds(held.front()));
  CHECK(a.links->holds(held.back()));
  a.shell_in_a("ip link delete dev wire");
  a.news();
  CHECK(a.links->addresses().size() == 2);
}

TEST_CASE("watched routes are known: there, gone by hand, gone with their link or address, and others do not matter") {
  Watched a;
  a.shell_in_a(
      "ip route add 10.8.0.0/16 via 10.1.0.2 && ip route add 10.8.0.0/24 via 10.1.0.2 && "
      "ip route add blackhole 10.9.0.0/16 && ip -6 route add default via fe80::2 dev wire table 77");
  a.news();
  const RouteKey wide{{address("10.8.0.0"), 16}};
  const RouteKey anywhere{{address("0.0.0.0"), 0}};
  const RouteKey nowhere{{address("10.9.0.0"), 16}};
  const RouteKey six{{address("::"), 0}, 77};
  const RouteKey no_table{{address("10.8.0.0"), 16}, 4711};
  const RouteKey hole{{address("10.9.0.0"), 16}, main_table, RouteKind::blackhole};
  const RouteKey other_metric{{address("10.8.0.0"), 16}, main_table, RouteKind::unicast, 5};
  const auto known = [&] {
    std::vector<bool> there;
    for (const RouteKey& key : {wide, anywhere, nowhere, six, no_table, hole, other_metric})
      there.push_back(a.links->has(key));
    return there;
  };
  a.links->watch({wide, anywhere, nowhere, six, no_table, hole, other_metric});
  CHECK(a.news() == Change{.routes = true});
  CHECK(known() == std::vector{true, false, false, true, false, true, false});
  a.shell_in_a("ip route add default via 10.1.0.2 && ip -6 route del default table 77");
  CHECK(a.news() == Change{.routes = true});
  CHECK(known() == std::vector{true, true, false, false, false, true, false});
  a.shell_in_a("ip route add 10.10.0.0/16 via 10.1.0.2 && ip route del 10.8.0.0/24");
  CHECK(a.news() == Change{});
  shell("ip -n b link set dev wire down");
  a.hosts.until([&] { return !a.links->has(wide); });
  CHECK(a.news() == Change{.links = {a.wire}, .routes = true});
  CHECK(known() == std::vector{false, false, false, false, false, true, false});
  shell("ip -n b link set dev wire up");
  a.hosts.until([&] { return a.links->has(wide) && a.links->has(anywhere); });
  a.news();
  a.shell_in_a("ip address del 10.1.0.1/24 dev wire");
  CHECK(a.news() == Change{.addresses = {{address("10.1.0.1"), 24, a.wire}}, .routes = true});
  CHECK(known() == std::vector{false, false, false, false, false, true, false});
}

TEST_CASE("it may be destroyed by the handler that it calls") {
  Hosts hosts;
  const In in{"a"};
  std::unique_ptr<Links> links;
  int calls = 0;
  links = good(Links::open(hosts.io, [&](const Change&) {
    ++calls;
    links.reset();
  }));
  hosts.until([&] { return calls > 0; });
  shell("ip link set dev wire down");
  hosts.settle();
  CHECK(calls == 1);
}

}  // namespace
}  // namespace keepalive::net::test
