#include "net/route_request.hpp"

#include <linux/fib_rules.h>
#include <linux/if.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace keepalive::net {

using netlink::Writer;

namespace {

constexpr std::uint8_t ours = 18;  // RTPROT_KEEPALIVED: `ip route` names it "keepalived"

std::uint8_t short_table(std::uint32_t table) {
  return static_cast<std::uint8_t>(table < 256 ? table : RT_TABLE_COMPAT);
}

std::uint8_t type(RouteKind kind) {
  constexpr std::array<std::uint8_t, 4> types = {RTN_UNICAST, RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT};
  return types[static_cast<std::size_t>(kind)];
}

std::uint8_t scope_of(const Route& route) {
  const bool direct = route.kind == RouteKind::unicast && !route.via;
  if (route.destination.address.family() == ipvs::Family::ipv6) return scope::global;
  return route.scope.value_or(direct ? scope::link : scope::global);
}

rtmsg header(const Route& route) {
  rtmsg its{};
  its.rtm_family = netlink::family_number(route.destination.address.family());
  its.rtm_dst_len = route.destination.length;
  its.rtm_table = short_table(route.table);
  its.rtm_protocol = ours;
  its.rtm_scope = scope_of(route);
  its.rtm_type = type(route.kind);
  its.rtm_flags = route.onlink ? RTNH_F_ONLINK : 0;
  return its;
}

/// A gateway of the other family has a form of its own.
void put_gateway(Writer& writer, const Route& route) {
  if (route.via->family() == route.destination.address.family()) return writer.put(RTA_GATEWAY, *route.via);
  std::array<std::uint8_t, 18> via{};
  const std::uint16_t family = netlink::family_number(route.via->family());
  std::memcpy(via.data(), &family, sizeof family);
  const auto bytes = route.via->bytes();
  std::copy(bytes.begin(), bytes.end(), via.begin() + sizeof family);
  writer.attribute(RTA_VIA, via.data(), sizeof family + bytes.size());
}

}  // namespace

bool write(Writer& writer, std::uint16_t message, unsigned flags, std::uint32_t sequence, const Route& route) {
  return writer.message(message, flags, sequence, header(route), [&] {
    writer.put(RTA_TABLE, route.table);
    if (route.destination.length > 0) writer.put(RTA_DST, route.destination.address);
    if (route.via) put_gateway(writer, route);
    if (route.interface != 0) writer.put(RTA_OIF, route.interface);
    if (route.source) writer.put(RTA_PREFSRC, *route.source);
    if (route.metric != 0) writer.put(RTA_PRIORITY, route.metric);
    if (route.mtu != 0) writer.nested(RTA_METRICS, [&] { writer.put(RTAX_MTU, route.mtu); });
  });
}

bool write(Writer& writer, std::uint16_t message, unsigned flags, std::uint32_t sequence, const Rule& rule) {
  fib_rule_hdr its{};
  its.family = netlink::family_number(rule.family);
  its.dst_len = rule.to ? rule.to->length : std::uint8_t{0};
  its.src_len = rule.from ? rule.from->length : std::uint8_t{0};
  its.table = short_table(rule.table);
  its.action = FR_ACT_TO_TBL;
  return writer.message(message, flags, sequence, its, [&] {
    writer.put(FRA_TABLE, rule.table);
    writer.put(FRA_PROTOCOL, ours);
    if (its.src_len > 0) writer.put(FRA_SRC, rule.from->address);
    if (its.dst_len > 0) writer.put(FRA_DST, rule.to->address);
    if (!rule.in.empty()) writer.put(FRA_IIFNAME, rule.in);
    if (!rule.out.empty()) writer.put(FRA_OIFNAME, rule.out);
    if (rule.mark_mask != 0) writer.put(FRA_FWMARK, rule.mark);
    if (rule.mark_mask != 0) writer.put(FRA_FWMASK, rule.mark_mask);
    writer.put(FRA_PRIORITY, rule.priority);
  });
}

}  // namespace keepalive::net
