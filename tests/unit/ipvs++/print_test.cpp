#include <doctest/doctest.h>

#include <sstream>

#include "ipvs++/ipvs++.hpp"

namespace print_test {

using namespace ipvs;

namespace {

template <class T>
std::string printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

Endpoint endpoint(const char* text) { return Endpoint::parse(text).value(); }

}  // namespace

TEST_CASE("keys print as the header says") {
  CHECK(to_string(ServiceKey{VipKey{Protocol::tcp, endpoint("192.0.2.1:80")}}) == "TCP 192.0.2.1:80");
  CHECK(to_string(ServiceKey{VipKey{Protocol::sctp, endpoint("[2001:db8::1]:80")}}) == "SCTP [2001:db8::1]:80");
  CHECK(to_string(ServiceKey{FwmarkKey{{7}}}) == "FWM 7");
  CHECK(to_string(ServiceKey{FwmarkKey{{4294967295}, Family::ipv6}}) == "FWM 4294967295 IPv6");
  CHECK(to_string(Protocol::udp) == "UDP");
  CHECK(to_string(Protocol::ah) == "AH");
  CHECK(to_string(Protocol::esp) == "ESP");
  CHECK(to_string(static_cast<Protocol>(47)) == "47");
}

TEST_CASE("values print all that is not their default") {
  CHECK(printed(Service{.key = FwmarkKey{{7}}}) == "FWM 7 wlc");
  CHECK(printed(Service{.key = FwmarkKey{{7}},
                        .scheduler = "sh",
                        .flags = {ServiceFlag::sh_port},
                        .persistence = Seconds{300},
                        .netmask = Netmask{24},
                        .persistence_engine = "sip"}) == "FWM 7 sh flags 16 persistent 300 mask 24 pe sip");
  CHECK(printed(Destination{.endpoint = endpoint("192.0.2.7:80")}) == "192.0.2.7:80 direct route weight 1");
  CHECK(printed(Destination{.endpoint = endpoint("192.0.2.7:80"),
                            .forwarding = Forwarding::tunnel,
                            .weight = 5,
                            .thresholds = {.upper = 9, .lower = 4},
                            .tunnel = {TunnelType::gue, {6080}, {TunnelFlag::remcsum}}}) ==
        "192.0.2.7:80 tunnel weight 5 thresholds 9/4 gue port 6080 flags 2");
  CHECK(printed(Daemon{.interface = "eth0", .sync_id = {9}}) == "master on eth0 syncid 9");
  CHECK(printed(Daemon{DaemonRole::backup, "eth0", {9}, 1400, Address::parse("ff02::5"), {8848}, 3}) ==
        "backup on eth0 syncid 9 max length 1400 group ff02::5 port 8848 ttl 3");
  CHECK(printed(Change{RemoveDestination{FwmarkKey{{7}}, endpoint("192.0.2.7:80")}}) == "remove 192.0.2.7:80 of FWM 7");
  CHECK(printed(Change{AddService{{.key = FwmarkKey{{7}}}}}) == "add FWM 7 wlc");
}

TEST_CASE("bits that no flag names survive a set") {
  auto flags = Flags<ServiceFlag>::from_bits(0x40);
  flags.set(ServiceFlag::one_packet);
  CHECK(flags.bits() == 0x44);
  CHECK(flags.has(ServiceFlag::one_packet));
  CHECK_FALSE(flags.has(ServiceFlag::sched1));
  CHECK(Flags<ServiceFlag>{}.empty());
}

}  // namespace print_test
