#include <doctest/doctest.h>

#include "texts.hpp"

namespace services_test {

using namespace keepalive;
using namespace keepalive::test;
using std::chrono::seconds;

namespace {

ipvs::ServiceKey vip(ipvs::Protocol protocol, const char* text) {
  return ipvs::VipKey{protocol, ipvs::Endpoint::parse(text).value()};
}
ipvs::ServiceKey tcp(const char* text) { return vip(ipvs::Protocol::tcp, text); }
ipvs::ServiceKey udp(const char* text) { return vip(ipvs::Protocol::udp, text); }

/// A service of these lines; its pool's servers take any port.
VirtualServer service(const std::string& lines, const std::string& server = "10.0.0.11") {
  return good("[pool p]\nserver = " + server + "\n[virtual_server s]\npool = p\n" + lines).services.front();
}
std::string refused(const std::string& lines, const std::string& server = "10.0.0.11") {
  return fault("[pool p]\nserver = " + server + "\n[virtual_server s]\npool = p\n" + lines);
}
const std::string at = "address = 10.0.0.100:80\n";

}  // namespace

TEST_CASE("addresses: one, lists, repetition, ranges of addresses and ports, a protocol before each") {
  using Keys = std::vector<ipvs::ServiceKey>;
  CHECK(service(at).keys == Keys{tcp("10.0.0.100:80")});
  CHECK(service("address = 10.0.0.1:80, 10.0.0.2:81\naddress = 10.0.0.3:82\n").keys ==
        Keys{tcp("10.0.0.1:80"), tcp("10.0.0.2:81"), tcp("10.0.0.3:82")});
  CHECK(service("address = 10.0.0.8-10:80-81\n").keys == Keys{tcp("10.0.0.8:80"), tcp("10.0.0.8:81"),
                                                              tcp("10.0.0.9:80"), tcp("10.0.0.9:81"),
                                                              tcp("10.0.0.10:80"), tcp("10.0.0.10:81")});
  CHECK(service("address = [fd00::9-b]:80\n", "[fd00::1]").keys ==
        Keys{tcp("[fd00::9]:80"), tcp("[fd00::a]:80"), tcp("[fd00::b]:80")});
  CHECK(service("address = udp 10.0.0.1:53, tcp\t10.0.0.1:53, sctp  10.0.0.1:53\n").keys ==
        Keys{udp("10.0.0.1:53"), tcp("10.0.0.1:53"), vip(ipvs::Protocol::sctp, "10.0.0.1:53")});
  CHECK(service("address = 10.0.0.1:53\nprotocol = udp\n").keys == Keys{udp("10.0.0.1:53")});
  CHECK(service("address = 10.0.0.1\npersistence = 5m\n").keys == Keys{tcp("10.0.0.1:0")});
  CHECK(service("fwmark = 7\n").keys == Keys{ipvs::FwmarkKey{{7}}});
  CHECK(service("fwmark = 7\nfamily = ipv6\n", "[fd00::1]").keys == Keys{ipvs::FwmarkKey{{7}, ipvs::Family::ipv6}});
  CHECK(service("address = 10.0.0.1:1-65535\n").keys.size() == 65535);
}

TEST_CASE("every scheduler") {
  for (const char* name :
       {"rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos"})
    CHECK(service(at + "scheduler = " + name + "\n").properties.scheduler == name);
  CHECK(service(at).properties.scheduler == "wlc");
  CHECK(refused(at + "scheduler = wllc\n") ==
        "scheduler: wants `rr', `wrr', `lc', `wlc', `lblc', `lblcr', `dh', `sh', `sed', `nq', `fo', `ovf', `mh' or "
        "`twos'; did you mean `wlc'?");
}

TEST_CASE("every scheduler's flag, with its scheduler") {
  using ipvs::ServiceFlag;
  const auto flags = [](const std::string& lines) { return service(at + lines).properties.flags; };
  CHECK(flags("scheduler_flags = flag-1, flag-2\nscheduler_flags = flag-3\n") ==
        ipvs::Flags{ServiceFlag::sched1, ServiceFlag::sched2, ServiceFlag::sched3});
  CHECK(flags("scheduler = sh\nscheduler_flags = sh-fallback, sh-port\n") ==
        ipvs::Flags{ServiceFlag::sh_fallback, ServiceFlag::sh_port});
  CHECK(flags("scheduler = mh\nscheduler_flags = mh-fallback, mh-port\n") ==
        ipvs::Flags{ServiceFlag::mh_fallback, ServiceFlag::mh_port});
  CHECK(refused(at + "scheduler_flags = sh-port\n") == "sh-… needs `scheduler = sh'");
  CHECK(refused(at + "scheduler = sh\nscheduler_flags = sh-port, mh-port\n") == "mh-… needs `scheduler = mh'");
  CHECK(
      refused(at + "scheduler_flags = sh-prot\n") ==
      "scheduler_flags: wants `flag-1', `flag-2', `flag-3', `sh-fallback', `sh-port', `mh-fallback' or `mh-port'; did "
      "you mean `sh-port'?");
  CHECK(service("address = udp 10.0.0.1:53\none_packet = yes\n").properties.flags ==
        ipvs::Flags{ServiceFlag::one_packet});
  CHECK(service(at + "one_packet = no\n").properties.flags.empty());
  CHECK(refused(at + "one_packet = yes\n") == "one_packet = yes is for UDP only");
}

TEST_CASE("every forwarding method and tunnel") {
  using ipvs::Forwarding;
  const auto forwarding = [](const char* word) { return service(at + "forward = " + word + "\n").forwarding; };
  CHECK(forwarding("nat") == Forwarding::masquerade);
  CHECK(forwarding("dr") == Forwarding::direct_route);
  CHECK(forwarding("tunnel") == Forwarding::tunnel);
  CHECK(forwarding("local") == Forwarding::local);
  CHECK(forwarding("bypass") == Forwarding::bypass);
  CHECK(refused(at + "forward = gate\n") ==
        "forward: wants `nat', `dr', `tunnel', `local' or `bypass'; did you mean `dr'?");

  const auto tunnel = [](const std::string& lines) { return service(at + "forward = tunnel\n" + lines).tunnel; };
  CHECK(tunnel("") == ipvs::Tunnel{});
  CHECK(tunnel("tunnel = ipip\ntunnel_checksum = no\n") == ipvs::Tunnel{});
  CHECK(tunnel("tunnel = gre\ntunnel_checksum = yes\n") ==
        ipvs::Tunnel{ipvs::TunnelType::gre, {}, {ipvs::TunnelFlag::csum}});
  CHECK(tunnel("tunnel = gue\ntunnel_port = 6080\ntunnel_checksum = remote\n") ==
        ipvs::Tunnel{ipvs::TunnelType::gue, {6080}, {ipvs::TunnelFlag::remcsum}});
  // One server is reached by a tunnel, the others are not.
  CHECK(service(at + "tunnel = gre\n", "10.0.0.11 forward=tunnel").tunnel.type == ipvs::TunnelType::gre);
}

TEST_CASE("options of tunnels that mean nothing") {
  const auto faulty = [](const std::string& lines) { return refused(at + "forward = tunnel\n" + lines); };
  CHECK(faulty("tunnel = gue\n") == "a gue tunnel needs tunnel_port");
  CHECK(faulty("tunnel_port = 1\n") == "tunnel_port goes with gue tunnels only");
  CHECK(faulty("tunnel = gre\ntunnel_port = 1\n") == "tunnel_port goes with gue tunnels only");
  CHECK(faulty("tunnel_checksum = yes\n") == "tunnel_checksum goes with gue and gre tunnels only");
  CHECK(faulty("tunnel = gre\ntunnel_checksum = remote\n") == "tunnel_checksum=remote goes with gue tunnels only");
  CHECK(refused(at + "tunnel = gre\n") == "`tunnel' needs `forward = tunnel'");
  CHECK(refused(at + "tunnel_port = 1\n") == "`tunnel_port' needs `forward = tunnel'");
  CHECK(refused(at + "forward = nat\ntunnel_checksum = yes\n") == "`tunnel_checksum' needs `forward = tunnel'");
  CHECK(refused(at, "10.0.0.11 tunnel=gre") == "tunnel options, but [virtual_server s] has another `forward'");
  CHECK(refused(at, "10.0.0.11 forward=dr tunnel=gre") == "tunnel options need forward=tunnel");
  CHECK(refused(at, "10.0.0.11 forward=tunnel tunnel=gue") == "a gue tunnel needs tunnel_port");
  CHECK(refused(at, "10.0.0.11 forward=tunnel tunnel_port=1") ==
        "server: tunnel_port and tunnel_checksum need tunnel= beside them");
}

TEST_CASE("persistence, its mask in the kernel's form, and its engine") {
  const auto properties = [](const std::string& lines, const char* address = "10.0.0.100:80",
                             const char* server = "10.0.0.11") {
    return service("persistence = 360s\naddress = " + std::string{address} + "\n" + lines, server).properties;
  };
  CHECK(properties("").persistence == seconds{360});
  CHECK(!properties("").netmask);
  CHECK(properties("persistence_mask = 255.255.255.0\n").netmask == ipvs::Netmask{0xffffff00});
  CHECK(properties("persistence_mask = 24\n").netmask == ipvs::Netmask{0xffffff00});
  CHECK(properties("persistence_mask = 32\n").netmask == ipvs::Netmask{0xffffffff});
  CHECK(properties("persistence_mask = 1\n").netmask == ipvs::Netmask{0x80000000});
  CHECK(properties("persistence_mask = 64\n", "[fd00::1]:80", "[fd00::2]").netmask == ipvs::Netmask{64});
  CHECK(properties("persistence_engine = sip\nprotocol = udp\n").persistence_engine == "sip");

  const auto faulty = [](const std::string& lines, const char* address = "10.0.0.100:80",
                         const char* server = "10.0.0.11") {
    return refused("persistence = 360s\naddress = " + std::string{address} + "\n" + lines, server);
  };
  CHECK(faulty("persistence_mask = 33\n") == "an IPv4 prefix has at most 32 bits");
  CHECK(faulty("persistence_mask = 255.255.255.0\n", "[fd00::1]:80", "[fd00::2]") == "IPv6 wants a prefix such as 64");
  CHECK(faulty("persistence_mask = 129\n", "[fd00::1]:80", "[fd00::2]") ==
        "persistence_mask: wants a mask such as 255.255.255.0 or a prefix such as 64");
  CHECK(faulty("forward = tunnel\npersistence_mask = 24\n", "10.0.0.1:80, [fd00::1]:80") ==
        "one mask for both address families: make two virtual servers");
  CHECK(faulty("persistence_engine = sip\n") == "persistence_engine = sip is for UDP only");
  CHECK(refused(at + "persistence_mask = 24\n") == "`persistence_mask' needs `persistence'");
  CHECK(refused("address = udp 10.0.0.1:5060\npersistence_engine = sip\n") ==
        "`persistence_engine' needs `persistence'");
  CHECK(refused(at + "persistence = 1500ms\n") == "persistence: wants whole seconds such as 5m or 360s, up to 31d");
  CHECK(refused("address = 10.0.0.100\n") == "port 0 (all ports) needs persistence");
}

TEST_CASE("a service has addresses or a mark, and no key that goes with the other") {
  CHECK(refused("") == "a virtual server needs `address' or `fwmark'");
  CHECK(refused(at + "fwmark = 7\n") == "a virtual server has `address' or `fwmark', not both");
  CHECK(refused(at + "family = ipv6\n") == "`family' needs `fwmark'");
  CHECK(refused(at + "mark = 7\n") == "`mark' needs `together = yes'");
  CHECK(refused("fwmark = 7\nprotocol = udp\n") == "`protocol' does not go with `fwmark'");
  CHECK(refused("fwmark = 7\ntogether = yes\npersistence = 1m\n") == "`together' does not go with `fwmark'");
}

TEST_CASE("a group is known by one mark, and marks its addresses") {
  const std::string group = "address = tcp 10.0.0.100:554, udp 10.0.0.100:6970-6971\ntogether = yes\n";
  const VirtualServer named = service(group + "persistence = 5m\nmark = 7\n");
  CHECK(named.together);
  CHECK(named.keys == std::vector<ipvs::ServiceKey>{ipvs::FwmarkKey{{7}}});
  CHECK(named.marked == std::vector{std::get<ipvs::VipKey>(tcp("10.0.0.100:554")),
                                    std::get<ipvs::VipKey>(udp("10.0.0.100:6970")),
                                    std::get<ipvs::VipKey>(udp("10.0.0.100:6971"))});
  // FNV-1a of "s" is 0xf60c4582; the range has 0x10000 marks.
  CHECK(service(group + "scheduler = sh\n").keys == std::vector<ipvs::ServiceKey>{ipvs::FwmarkKey{{0x14582}}});
  CHECK(service(group + "persistence = 5m\n[global]\nmarks = 10-10\n").keys ==
        std::vector<ipvs::ServiceKey>{ipvs::FwmarkKey{{10}}});
  CHECK(service("address = [fd00::1]:80, 10.0.0.1:80\ntogether = yes\npersistence = 5m\nforward = tunnel\nmark = 7\n")
            .keys == std::vector<ipvs::ServiceKey>{ipvs::FwmarkKey{{7}}, ipvs::FwmarkKey{{7}, ipvs::Family::ipv6}});
  const std::string needs =
      "`together' needs `persistence', or `scheduler = sh' without sh-port: how else could a client stay";
  CHECK(refused(group) == needs);
  CHECK(refused(group + "scheduler = sh\nscheduler_flags = sh-port\n") == needs);
}

TEST_CASE("no two services have the same address or mark, marked addresses included") {
  const auto both = [](const std::string& one, const std::string& other) {
    return fault("[pool p]\nserver = 10.0.0.11\n[virtual_server a]\npool = p\npersistence = 1m\n" + one +
                 "\n[virtual_server b]\npool = p\npersistence = 1m\n" + other + "\n");
  };
  CHECK(both(at, at) == "TCP 10.0.0.100:80 belongs to [virtual_server a] already");
  CHECK(both("address = 10.0.0.90-100:80", at) == "TCP 10.0.0.100:80 belongs to [virtual_server a] already");
  CHECK(both("fwmark = 7", "fwmark = 7") == "FWM 7 belongs to [virtual_server a] already");
  CHECK(both("fwmark = 7", "address = 10.0.0.1:80\ntogether = yes\nmark = 7") ==
        "FWM 7 belongs to [virtual_server a] already; give one of them another `mark'");
  CHECK(both("address = 10.0.0.1:80\ntogether = yes\n[global]\nmarks = 5-5", "address = 10.0.0.2:80\ntogether = yes") ==
        "FWM 5 belongs to [virtual_server a] already; give one of them another `mark'");
  CHECK(both("address = 10.0.0.1:80\ntogether = yes", "address = 10.0.0.1:80") ==
        "TCP 10.0.0.1:80 belongs to [virtual_server a] already");
  CHECK(both("address = 10.0.0.1:80", "address = 10.0.0.1\ntogether = yes") ==
        "TCP 10.0.0.1:80 is part of [virtual_server b] already: TCP 10.0.0.1:0");
  CHECK(both("address = 10.0.0.1:80", "address = udp 10.0.0.1:80").empty());
  CHECK(both("address = 10.0.0.1:80", "address = 10.0.0.1").empty());  // the kernel tells them apart
  CHECK(refused("address = 10.0.0.1:80, 10.0.0.1-2:80\n") == "TCP 10.0.0.1:80 stands here twice");
}

TEST_CASE("servers of the other family are reached by tunnels alone, sorry servers too") {
  const std::string other = "[virtual_server s] is of the other address family: only tunnels lead there";
  CHECK(refused(at, "[fd00::11]") == other);
  CHECK(refused(at + "forward = nat\n", "[fd00::11]") == other);
  CHECK(refused("fwmark = 7\nfamily = ipv6\n") == other);
  CHECK(refused(at, "10.0.0.11\nsorry_server = [fd00::99]") == other);
  CHECK(refused(at + "forward = tunnel\n", "[fd00::11]").empty());
  CHECK(refused(at, "[fd00::11] forward=tunnel").empty());
}

TEST_CASE("probes through the path need an address to go to, and marks of their own") {
  const std::string path =
      "[check c]\ntype = tcp\nvia = path\n[pool p]\ncheck = c\nserver = 10.0.0.11\n[virtual_server s]\npool = p\n";
  CHECK(good(path + at).checks.front().via == Via::path);
  CHECK(fault(path + "fwmark = 7\n") ==
        "[check c] with via = path needs `address' in [virtual_server s], which uses this pool");
  CHECK(refused("fwmark = 131072\n") == "marks from 131072 to 196607 are for probes: [global] path_marks");
  CHECK(refused(at + "together = yes\npersistence = 1m\nmark = 196607\n") ==
        "marks from 131072 to 196607 are for probes: [global] path_marks");
  CHECK(refused("fwmark = 131072\n[global]\npath_marks = 8-9\n").empty());
  CHECK(good("[global]\npath_marks = 8-9\n").global.path_marks == MarkRange{8, 9});
}

TEST_CASE("only nat changes ports") {
  const std::string other = "[virtual_server s] has another port: only forward = nat changes ports";
  CHECK(refused(at, "10.0.0.11:8080") == other);
  CHECK(refused(at + "forward = tunnel\n", "10.0.0.11:8080") == other);
  CHECK(refused("address = 10.0.0.100:80, 10.0.0.100:443\n", "10.0.0.11:80") == other);
  CHECK(refused(at, "10.0.0.11:80\nsorry_server = 10.0.0.99:8080") == other);
  CHECK(refused(at + "forward = nat\n", "10.0.0.11:8080").empty());
  CHECK(refused(at, "10.0.0.11:8080 forward=nat").empty());
  CHECK(refused("fwmark = 7\n", "10.0.0.11:8080").empty());
}

}  // namespace services_test
