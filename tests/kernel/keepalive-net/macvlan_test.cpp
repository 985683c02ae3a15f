#include <cerrno>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "net/edits.hpp"
#include "net/links.hpp"
#include "net/undo.hpp"

namespace keepalive::net::test {
namespace {

const std::string settings_of_wire =
    "cd /proc/sys/net/ipv4/conf/wire && cat arp_ignore arp_filter rp_filter | tr '\\n' ' '";

TEST_CASE("a macvlan with the virtual MAC comes up, silent, with keepalived's settings, and goes") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  const Index wire = index_of("wire");
  const std::string links = output("ip -o link | wc -l");
  const std::string before = output(settings_of_wire);
  const Macvlan wanted{"vrrp.51", Mac{0, 0, 0x5e, 0, 1, 51}, wire};
  const ArpSettings own = good(edits.arp_settings(wire));
  CHECK(own == ArpSettings{0, 0});

  const Index link = good(edits.add(wanted));
  good(edits.set_arp_settings(wire, below_virtual_mac));
  CHECK(link == index_of("vrrp.51"));
  CHECK(mac_of("vrrp.51") == Mac{0, 0, 0x5e, 0, 1, 51});
  CHECK(output("ip -d -o link show dev vrrp.51 | grep -o '<[^>]*UP[^>]*>\\|mode private\\|addrgenmode none' | sort") ==
        "<BROADCAST,MULTICAST,UP,LOWER_UP>\naddrgenmode none\nmode private");
  CHECK(output("cd /proc/sys/net/ipv4/conf/vrrp.51 && cat arp_ignore accept_local promote_secondaries rp_filter") ==
        "1\n1\n1\n0");
  CHECK(output("cd /proc/sys/net/ipv6/conf/vrrp.51 && cat accept_ra autoconf") == "0\n0");
  CHECK(output("ip -o address show dev vrrp.51") == "");
  CHECK(output(settings_of_wire) == "1 1 0 ");

  CHECK(good(edits.add(wanted)) == link);  // the one that is there
  good(edits.remove_link(link));
  good(edits.remove_link(link));
  good(edits.set_arp_settings(wire, own));
  CHECK(output("ip -o link | wc -l") == links);
  CHECK(output(settings_of_wire) == before);
}

TEST_CASE("where strict filtering is on for all, a macvlan filters loosely") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  shell("ip netns exec a sh -c 'echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter'");
  good(edits.add({"vrrp.51", Mac{0, 0, 0x5e, 0, 2, 51}, index_of("wire")}));
  CHECK(mac_of("vrrp.51") == Mac{0, 0, 0x5e, 0, 2, 51});
  CHECK(output("ip netns exec a cat /proc/sys/net/ipv4/conf/vrrp.51/rp_filter") == "2");
}

TEST_CASE("the note on a macvlan is there for who comes later") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  Macvlan wanted{.name = "vrrp.51", .mac = {0, 0, 0x5e, 0, 1, 51}, .lower = index_of("wire"), .alias = "keepalive 0 0"};
  good(edits.add(wanted));
  wanted.alias = "another";
  good(edits.add(wanted));
  auto links = good(Links::open(hosts.io, [](const Change&) {}));
  hosts.until([&] { return links->ready(); });
  CHECK(links->find("vrrp.51")->alias == "keepalive 0 0");
  CHECK(links->find("wire")->alias.empty());
}

TEST_CASE("requests that were made ready undo what is there, and do not mind what is not") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  const Index wire = index_of("wire");
  const std::string before = output(settings_of_wire);
  const Index link = good(edits.add({"vrrp.51", Mac{0, 0, 0x5e, 0, 1, 51}, wire}));
  const std::vector<std::string> requests = {removal_of_link(link), restoring(wire, good(edits.arp_settings(wire)))};
  good(edits.set_arp_settings(wire, below_virtual_mac));
  CHECK(undo_now(requests) == 0);
  CHECK(output("ip -o link show | grep -c vrrp || true") == "0");
  CHECK(output(settings_of_wire) == before);
  CHECK(undo_now(requests) == 0);
  CHECK(undo_now(std::vector<std::string>{removal_of_link(wire), "no message"}) == 1);
}

TEST_CASE("a link of somebody else's is left alone") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  shell("ip link add vrrp.51 type dummy");
  const Macvlan wanted{"vrrp.51", Mac{0, 0, 0x5e, 0, 1, 51}, index_of("wire")};
  CHECK(code(edits.add(wanted)) == EEXIST);
  CHECK(code(edits.add({"vrrp.52", wanted.mac, 999})) == ENODEV);
  CHECK(code(edits.arp_settings(999)) == ENODEV);
  CHECK(output("ip -o link show dev vrrp.51 | grep -c 'state DOWN'") == "1");
}

}  // namespace
}  // namespace keepalive::net::test
