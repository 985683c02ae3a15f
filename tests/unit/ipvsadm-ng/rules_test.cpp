#include "rules.hpp"

#include <doctest/doctest.h>

#include "captured.hpp"
#include "endpoints.hpp"

namespace ipvsadm {
namespace rules_test {
namespace {

using ipvs::Endpoint;

std::string rule(const ipvs::Change& change) {
  return captured([&](Output& out) {
    Endpoints names{Naming::numbers};
    print_rule(out, names, change);
  });
}

const ipvs::ServiceKey web = ipvs::VipKey{ipvs::Protocol::tcp, *Endpoint::parse("10.0.0.1:80")};
const ipvs::ServiceKey mark = ipvs::FwmarkKey{ipvs::Fwmark{4294967295}, ipvs::Family::ipv6};

TEST_CASE("ipvsadm(8) save: services") {
  CHECK(rule(ipvs::AddService{{.key = web}}) == "-A -t 10.0.0.1:80 -s wlc\n");
  CHECK(rule(ipvs::AddService{{.key = ipvs::VipKey{ipvs::Protocol::sctp, *Endpoint::parse("[fd00::1]:80")},
                               .scheduler = "sh",
                               .flags = {ipvs::ServiceFlag::sh_fallback, ipvs::ServiceFlag::sh_port},
                               .persistence = ipvs::Seconds{90},
                               .netmask = ipvs::Netmask{64},
                               .persistence_engine = "sip"}}) ==
        "-A --sctp-service [fd00::1]:80 -s sh -p 90 -M 64 --pe sip -b sh-fallback,sh-port\n");
  CHECK(rule(ipvs::EditService{{.key = mark, .flags = {ipvs::ServiceFlag::one_packet}}}) ==
        "-E -f 4294967295 -6 -s wlc -o\n");
  CHECK(rule(ipvs::RemoveService{mark}) == "-D -f 4294967295 -6\n");
}

TEST_CASE("flag 3 has a name for every scheduler, so that what is saved can be restored") {
  CHECK(rule(ipvs::AddService{{.key = web, .scheduler = "mh", .flags = {ipvs::ServiceFlag::sched3}}}) ==
        "-A -t 10.0.0.1:80 -s mh -b flag-3\n");
}

TEST_CASE("ipvsadm(8) save: servers") {
  const Endpoint endpoint = *Endpoint::parse("10.0.0.7:80");
  const auto server = [&](ipvs::Destination destination) {
    destination.endpoint = endpoint;
    return rule(ipvs::AddDestination{web, destination});
  };
  using ipvs::Forwarding, ipvs::TunnelType, ipvs::TunnelFlag;
  CHECK(server({}) == "-a -t 10.0.0.1:80 -r 10.0.0.7:80 -g -w 1\n");
  CHECK(server({.forwarding = Forwarding::local}) == "-a -t 10.0.0.1:80 -r 10.0.0.7:80 -g -w 1\n");
  CHECK(server({.forwarding = Forwarding::masquerade, .weight = 0, .thresholds = {.upper = 9, .lower = 4}}) ==
        "-a -t 10.0.0.1:80 -r 10.0.0.7:80 -m -w 0 -x 9 -y 4\n");
  CHECK(server({.forwarding = Forwarding::tunnel}) == "-a -t 10.0.0.1:80 -r 10.0.0.7:80 -i -w 1 --tun-type ipip\n");
  CHECK(server({.forwarding = Forwarding::tunnel, .tunnel = {.type = TunnelType::gue, .port = ipvs::Port{6080}}}) ==
        "-a -t 10.0.0.1:80 -r 10.0.0.7:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum\n");
  CHECK(server({.forwarding = Forwarding::tunnel, .tunnel = {.type = TunnelType::gre, .flags = {TunnelFlag::csum}}}) ==
        "-a -t 10.0.0.1:80 -r 10.0.0.7:80 -i -w 1 --tun-type gre --tun-csum\n");
  CHECK(rule(ipvs::RemoveDestination{web, endpoint}) == "-d -t 10.0.0.1:80 -r 10.0.0.7:80\n");
}

}  // namespace
}  // namespace rules_test
}  // namespace ipvsadm
