// Bytes come from captures: strace of ipvsadm 1.31 on Linux 6.1, x86-64.
#include "convert.hpp"

#include <doctest/doctest.h>

#include "hex.hpp"
#include "ipvs++/table.hpp"

namespace convert_test {

using namespace ipvs;
using test::encoded;
using test::from_hex;

namespace {

std::string plain(std::string_view hex) { return test::to_hex(from_hex(hex)); }

Endpoint endpoint(const char* text) { return Endpoint::parse(text).value(); }

template <class Set>
Set decoded(std::string_view attributes) {
  Set set;
  REQUIRE(codec::decode(from_hex(attributes), set));
  return set;
}

const Service persistent{.key = VipKey{Protocol::tcp, endpoint("192.0.2.1:80")},
                         .scheduler = "sh",
                         .flags = {ServiceFlag::sh_port},
                         .persistence = Seconds{300},
                         .netmask = Netmask{0xffffff00}};

}  // namespace

TEST_CASE("ipvsadm -A -t 192.0.2.1:80 -s sh -b sh-port -p 300 -M 255.255.255.0") {
  CHECK(encoded(convert::to_wire(persistent)) ==
        plain("54000180 06000100 02000000 06000200 06000000 14000300 c0000201000000000000000000000000 06000400 00500000"
              "07000600 73680000 0c000700 11000000ffffffff 08000800 2c010000 08000900 ffffff00"));
}

TEST_CASE("ipvsadm -A -f 7 -6 -s rr: without a mask the whole address counts, for IPv6 as a prefix") {
  CHECK(encoded(convert::to_wire(Service{.key = FwmarkKey{{7}, Family::ipv6}, .scheduler = "rr"})) ==
        plain("38000180 06000100 0a000000 08000500 07000000 07000600 72720000 0c000700 00000000ffffffff"
              "08000800 00000000 08000900 80000000"));
}

TEST_CASE("ipvsadm -A -u [2001:db8::1]:53 -s wlc -o") {
  const Service service{.key = VipKey{Protocol::udp, endpoint("[2001:db8::1]:53")}, .flags = {ServiceFlag::one_packet}};
  CHECK(encoded(convert::to_wire(service)) ==
        plain("54000180 06000100 0a000000 06000200 11000000 14000300 20010db8000000000000000000000001 06000400 00350000"
              "08000600 776c6300 0c000700 04000000ffffffff 08000800 00000000 08000900 80000000"));
}

TEST_CASE("a key alone names the service to the kernel") {
  CHECK(encoded(convert::to_wire(ServiceKey{FwmarkKey{{7}, Family::ipv6}})) ==
        plain("14000180 06000100 0a000000 08000500 07000000"));
}

TEST_CASE("ipvsadm -a … -i --tun-type gue --tun-port 6080 --tun-csum -w 5 -x 100 -y 50, in the order of our table") {
  const Destination destination{.endpoint = endpoint("192.0.2.7:80"),
                                .forwarding = Forwarding::tunnel,
                                .weight = 5,
                                .thresholds = {.upper = 100, .lower = 50},
                                .tunnel = {TunnelType::gue, {6080}, {TunnelFlag::csum}}};
  CHECK(encoded(convert::to_wire(destination)) ==
        plain("60000280 06000b00 02000000 14000100 c0000207000000000000000000000000 06000200 00500000 08000300 02000000"
              "08000400 05000000 08000500 64000000 08000600 32000000 05000d00 01000000 06000e00 17c00000"
              "06000f00 01000000"));
}

TEST_CASE("a destination without encapsulation says nothing of tunnels: the kernel's default is the same") {
  const wire::Destination wire = convert::to_wire(Destination{.endpoint = endpoint("192.0.2.7:80")});
  CHECK_FALSE(wire.tun_type);
  CHECK_FALSE(wire.tun_port);
  CHECK_FALSE(wire.tun_flags);
}

TEST_CASE("ipvsadm --start-daemon backup with every setting: the port goes in host order") {
  const Daemon daemon{.role = DaemonRole::backup,
                      .interface = "lo",
                      .sync_id = {9},
                      .max_length = 1400,
                      .group = Address::parse("224.0.0.99"),
                      .port = {9000},
                      .ttl = 3};
  CHECK(encoded(convert::to_wire(daemon)) ==
        plain("3c000380 08000100 02000000 07000200 6c6f0000 08000300 09000000 06000400 78050000 08000500 e0000063"
              "06000700 28230000 05000800 03000000"));
  CHECK(convert::from_wire(convert::to_wire(daemon)) == daemon);
}

TEST_CASE("a daemon's defaults are left to the kernel; an IPv6 group has an attribute of its own") {
  const wire::Daemon wire = convert::to_wire(Daemon{.interface = "eth0", .group = Address::parse("ff02::5")});
  CHECK(wire == wire::Daemon{.state = 1,
                             .mcast_ifn = wire::Name{"eth0"},
                             .sync_id = 0,
                             .mcast_group6 = wire::Bytes16{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5}});
}

TEST_CASE("ipvsadm --set 10 20 30") {
  codec::Writer writer;
  const Timeouts timeouts{Seconds{10}, Seconds{20}, Seconds{30}};
  writer.message(0, 0, 0, {}, [&] { codec::encode(writer, convert::to_wire(timeouts)); });
  CHECK(test::to_hex(writer.bytes().subspan(20)) == plain("08000400 0a000000 08000500 14000000 08000600 1e000000"));
  CHECK(convert::from_wire(convert::to_wire(timeouts)) == timeouts);
}

TEST_CASE("a service comes back as it was asked for: the hashed bit and a full mask are dropped") {
  wire::Service wire = convert::to_wire(persistent);
  wire.flags->flags |= IP_VS_SVC_F_HASHED;
  CHECK(convert::from_wire(wire)->service == persistent);

  const Service simple{.key = FwmarkKey{{7}, Family::ipv6}, .netmask = Netmask{128}};
  CHECK(convert::from_wire(convert::to_wire(simple))->service == canonical(simple));
}

TEST_CASE("a service that is not persistent has no timeout, whatever the kernel keeps") {
  wire::Service wire = convert::to_wire(Service{.key = FwmarkKey{{7}}});
  wire.timeout = 360;
  CHECK_FALSE(convert::from_wire(wire)->service.persistence);
}

TEST_CASE("kernels before 3.18 tell no family of a destination: the service's counts") {
  wire::Destination wire = convert::to_wire(Destination{.endpoint = endpoint("192.0.2.7:80")});
  wire.addr_family.reset();
  CHECK(convert::from_wire(wire, Family::ipv4)->destination.endpoint == endpoint("192.0.2.7:80"));
  CHECK(convert::from_wire(wire, Family::ipv6)->destination.endpoint == endpoint("[c000:207::]:80"));
  wire.addr_family = 0;
  CHECK(convert::from_wire(wire, Family::ipv4)->destination.endpoint == endpoint("192.0.2.7:80"));
}

TEST_CASE("a destination of the other family keeps its own") {
  const Destination six{.endpoint = endpoint("[2001:db8::7]:80"), .forwarding = Forwarding::tunnel};
  CHECK(convert::from_wire(convert::to_wire(six), Family::ipv4)->destination == six);
}

TEST_CASE("64-bit counters win; kernels before 4.1 have only the 32-bit ones") {
  auto wire = convert::to_wire(Service{.key = FwmarkKey{{7}}});
  wire.stats = decoded<wire::Stats>("08000100 ffffffff 0c000400 ffffffff01000000 08000600 05000000");
  CHECK(convert::from_wire(wire)->stats ==
        Stats{.counters = {.connections = 0xffffffff, .in_bytes = 0x1ffffffff}, .rates = {.connections = 5}});
  wire.stats64 = decoded<wire::Stats>("0c000100 0000000001000000");
  CHECK(convert::from_wire(wire)->stats == Stats{.counters = {.connections = 0x1'0000'0000}});
}

TEST_CASE("an answer that lacks what the kernel always tells has no value") {
  const wire::Service good = convert::to_wire(persistent);
  const auto lacks = [&](auto member) {
    wire::Service wire = good;
    (wire.*member).reset();
    return !convert::from_wire(wire);
  };
  CHECK(lacks(&wire::Service::af));
  CHECK(lacks(&wire::Service::protocol));
  CHECK(lacks(&wire::Service::addr));
  CHECK(lacks(&wire::Service::port));
  CHECK(lacks(&wire::Service::sched_name));
  CHECK(lacks(&wire::Service::flags));
  CHECK(lacks(&wire::Service::timeout));
  CHECK(lacks(&wire::Service::netmask));
  CHECK_FALSE(convert::from_wire(wire::Service{.af = 3, .fwmark = 7}));
  CHECK_FALSE(convert::from_wire(wire::Destination{}, Family::ipv4));
  CHECK_FALSE(convert::from_wire(wire::Daemon{.state = 3, .mcast_ifn = wire::Name{"lo"}, .sync_id = 1}));
  CHECK_FALSE(convert::from_wire(wire::Info{.version = 1}));
  CHECK_FALSE(convert::from_wire(wire::Config{.timeout_tcp = 1}));
}

TEST_CASE("version 0x010201 is 1.2.1") {
  CHECK(convert::from_wire(wire::Info{.version = 0x010201, .conn_tab_size = 4096}) ==
        Info{.version = {1, 2, 1}, .connection_table_size = 4096});
}

}  // namespace convert_test
