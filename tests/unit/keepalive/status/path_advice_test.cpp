#include "core/path_advice.hpp"

#include <doctest/doctest.h>

namespace keepalive::core {
namespace path_advice_test {

using ipvs::Forwarding;
using ipvs::TunnelType;

ipvs::Address address(std::string_view text) { return ipvs::Address::parse(text).value(); }

VirtualServer service(std::string_view vip, Forwarding forwarding, TunnelType tunnel = TunnelType::ipip) {
  VirtualServer it;
  it.keys = {ipvs::VipKey{ipvs::Protocol::tcp, {address(vip), ipvs::Port{80}}}};
  it.forwarding = forwarding;
  it.tunnel = {tunnel, ipvs::Port{static_cast<std::uint16_t>(tunnel == TunnelType::gue ? 5555 : 0)}, {}};
  return it;
}

TEST_CASE("path advice: what a server lacks, by how packets reach it and what the probe saw") {
  constexpr std::string_view silence = "no answer within 300 ms";
  constexpr std::string_view refusal = "connection refused";
  struct Row {
    std::string_view vip;
    Forwarding forwarding;
    TunnelType tunnel;
    std::string_view server;
    std::string_view evidence;
    std::string_view advice;
  };
  constexpr auto direct = Forwarding::direct_route;
  constexpr auto tunnel = Forwarding::tunnel;
  const Row rows[] = {
      {"10.0.0.100",
       direct,
       {},
       "10.0.0.11",
       silence,
       "a server's side: it lacks 10.0.0.100 on lo; there, `examples/server/setup check dr 10.0.0.100' tells which"},
      {"10.0.0.100",
       direct,
       {},
       "10.0.0.11",
       refusal,
       "a server's side: nothing listens at 10.0.0.100 there; there, `examples/server/setup check dr 10.0.0.100' tells "
       "which"},
      {"10.0.0.100", tunnel, TunnelType::ipip, "10.0.0.11", silence,
       "a server's side: it lacks 10.0.0.100 on tunl0, or strict rp_filter drops what comes there; there, "
       "`examples/server/setup check "
       "ipip 10.0.0.100' tells which"},
      {"10.0.0.100", tunnel, TunnelType::gre, "10.0.0.11", refusal,
       "a server's side: gre0 is not up there, or nothing listens at 10.0.0.100; there, `examples/server/setup check "
       "gre 10.0.0.100' "
       "tells which"},
      {"10.0.0.100", tunnel, TunnelType::gue, "10.0.0.11", refusal,
       "a server's side: tunl0 is not up there, or `ip fou' has no port 5555, or nothing listens at 10.0.0.100; there, "
       "`examples/server/setup check gue:5555 10.0.0.100' tells which"},
      {"fd00::100", tunnel, TunnelType::ipip, "fd00::11", refusal,
       "a server's side: ip6tnl0 is not up there, or nothing listens at fd00::100; there, `examples/server/setup check "
       "ipip fd00::100' "
       "tells which"},
      {"fd00::100", tunnel, TunnelType::ipip, "10.0.0.11", refusal,
       "a server's side: sit0 is not up there, or nothing listens at fd00::100"},
      {"10.0.0.100", Forwarding::masquerade, {}, "10.0.0.11", silence, ""},
      {"10.0.0.100", direct, {}, "10.0.0.11", "HTTP status 500", ""},
  };
  for (const Row& row : rows)
    CHECK(path_advice(service(row.vip, row.forwarding, row.tunnel), address(row.server), row.evidence) == row.advice);
}

TEST_CASE("path advice: a service by mark alone has no address to name") {
  VirtualServer marked = service("10.0.0.100", Forwarding::direct_route);
  marked.keys = {ipvs::FwmarkKey{ipvs::Fwmark{7}, ipvs::Family::ipv4}};
  CHECK(path_advice(marked, address("10.0.0.11"), "no answer within 1 s").empty());
  marked.marked = {ipvs::VipKey{ipvs::Protocol::udp, {address("10.0.0.100"), ipvs::Port{554}}}};
  CHECK(path_advice(marked, address("10.0.0.11"), "no answer within 1 s").find("10.0.0.100 on lo") !=
        std::string::npos);
}

}  // namespace path_advice_test
}  // namespace keepalive::core
