#include "convert.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace ipvs::convert {
namespace {

constexpr std::uint16_t to_af(Family family) { return family == Family::ipv4 ? AF_INET : AF_INET6; }

std::optional<Family> from_af(std::uint16_t af) {
  if (af == AF_INET) return Family::ipv4;
  if (af == AF_INET6) return Family::ipv6;
  return std::nullopt;
}

wire::Bytes16 to_union(const Address& address) {
  wire::Bytes16 bytes = {};
  std::ranges::copy(address.bytes(), bytes.begin());
  return bytes;
}

Address from_union(const wire::Bytes16& bytes, Family family) {
  if (family == Family::ipv6) return Address{bytes};
  return Address{std::array<std::uint8_t, 4>{bytes[0], bytes[1], bytes[2], bytes[3]}};
}

/// IPv4: a mask in network order. IPv6: a number, in host order, although the kernel's type is __be32 too.
wire::Bytes4 to_wire(Netmask netmask, Family family) {
  const std::uint32_t value = netmask.value;
  if (family == Family::ipv6) return std::bit_cast<wire::Bytes4>(value);
  return {static_cast<std::uint8_t>(value >> 24U), static_cast<std::uint8_t>(value >> 16U),
          static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
}

Netmask from_wire(const wire::Bytes4& bytes, Family family) {
  if (family == Family::ipv6) return {std::bit_cast<std::uint32_t>(bytes)};
  return {std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U | std::uint32_t{bytes[2]} << 8U | bytes[3]};
}

Stats from_wire(const std::optional<wire::Stats>& narrow, const std::optional<wire::Stats>& wide) {
  const wire::Stats& stats = wide ? *wide : narrow ? *narrow : wire::Stats{};
  return {.counters = {.connections = stats.conns.value_or(0),
                       .in_packets = stats.inpkts.value_or(0),
                       .out_packets = stats.outpkts.value_or(0),
                       .in_bytes = stats.inbytes.value_or(0),
                       .out_bytes = stats.outbytes.value_or(0)},
          .rates = {.connections = stats.cps.value_or(0),
                    .in_packets = stats.inpps.value_or(0),
                    .out_packets = stats.outpps.value_or(0),
                    .in_bytes = stats.inbps.value_or(0),
                    .out_bytes = stats.outbps.value_or(0)}};
}

std::optional<ServiceKey> key_from_wire(const wire::Service& wire) {
  const std::optional<Family> family = from_af(wire.af.value_or(AF_UNSPEC));
  if (!family) return std::nullopt;
  if (wire.fwmark) return FwmarkKey{.mark = {*wire.fwmark}, .family = *family};
  if (!wire.protocol || *wire.protocol > 0xff || !wire.addr || !wire.port) return std::nullopt;
  return VipKey{.protocol = static_cast<Protocol>(*wire.protocol),
                .endpoint = {.address = from_union(*wire.addr, *family), .port = {wire.port->value}}};
}

}  // namespace

wire::Service to_wire(const ServiceKey& key) {
  wire::Service wire;
  wire.af = to_af(family(key));
  if (const auto* mark = std::get_if<FwmarkKey>(&key)) {
    wire.fwmark = mark->mark.value;
  } else {
    const auto& vip = std::get<VipKey>(key);
    wire.protocol = static_cast<std::uint16_t>(vip.protocol);
    wire.addr = to_union(vip.endpoint.address);
    wire.port = {vip.endpoint.port.value};
  }
  return wire;
}

wire::Service to_wire(const Service& service) {
  wire::Service wire = to_wire(service.key);
  const std::uint32_t persistent = service.persistence ? IP_VS_SVC_F_PERSISTENT : 0;
  wire.sched_name = wire::Name{service.scheduler};
  if (!service.persistence_engine.empty()) wire.pe_name = wire::Name{service.persistence_engine};
  wire.flags = {.flags = service.flags.bits() | persistent, .mask = ~0U};
  wire.timeout = service.persistence.value_or(Seconds{}).count();
  wire.netmask = to_wire(service.netmask.value_or(Netmask::full(family(service.key))), family(service.key));
  return wire;
}

wire::Destination to_wire(const Endpoint& endpoint) {
  wire::Destination wire;
  wire.addr_family = to_af(endpoint.address.family());
  wire.addr = to_union(endpoint.address);
  wire.port = {endpoint.port.value};
  return wire;
}

wire::Destination to_wire(const Destination& destination) {
  wire::Destination wire = to_wire(destination.endpoint);
  wire.fwd_method = static_cast<std::uint32_t>(destination.forwarding);
  wire.weight = destination.weight;
  wire.u_thresh = destination.thresholds.upper;
  wire.l_thresh = destination.thresholds.lower;
  if (destination.tunnel != Tunnel{}) {
    wire.tun_type = static_cast<std::uint8_t>(destination.tunnel.type);
    wire.tun_port = {destination.tunnel.port.value};
    wire.tun_flags = destination.tunnel.flags.bits();
  }
  return wire;
}

wire::Daemon to_wire(const Daemon& daemon) {
  wire::Daemon wire;
  wire.state = static_cast<std::uint32_t>(daemon.role);
  wire.mcast_ifn = wire::Name{daemon.interface};
  wire.sync_id = daemon.sync_id.value;
  if (daemon.max_length != 0) wire.sync_maxlen = daemon.max_length;
  if (daemon.group && daemon.group->family() == Family::ipv4) {
    const wire::Bytes16 bytes = to_union(*daemon.group);
    wire.mcast_group = {bytes[0], bytes[1], bytes[2], bytes[3]};
  } else if (daemon.group) {
    wire.mcast_group6 = to_union(*daemon.group);
  }
  if (daemon.port.value != 0) wire.mcast_port = daemon.port.value;
  if (daemon.ttl != 0) wire.mcast_ttl = daemon.ttl;
  return wire;
}

wire::Config to_wire(const Timeouts& timeouts) {
  wire::Config wire;
  wire.timeout_tcp = timeouts.tcp.count();
  wire.timeout_tcp_fin = timeouts.tcp_fin.count();
  wire.timeout_udp = timeouts.udp.count();
  return wire;
}

std::optional<ServiceEntry> from_wire(const wire::Service& wire) {
  const std::optional<ServiceKey> key = key_from_wire(wire);
  if (!key || !wire.sched_name || !wire.flags || !wire.timeout || !wire.netmask) return std::nullopt;
  ServiceEntry entry;
  Service& service = entry.service;
  service.key = *key;
  service.scheduler = wire.sched_name->view();
  constexpr std::uint32_t ours = IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_HASHED;
  service.flags = Flags<ServiceFlag>::from_bits(wire.flags->flags & ~ours);
  if ((wire.flags->flags & IP_VS_SVC_F_PERSISTENT) != 0) service.persistence = Seconds{*wire.timeout};
  const Netmask netmask = from_wire(*wire.netmask, family(*key));
  if (netmask != Netmask::full(family(*key))) service.netmask = netmask;
  if (wire.pe_name) service.persistence_engine = wire.pe_name->view();
  entry.stats = from_wire(wire.stats, wire.stats64);
  return entry;
}

std::optional<DestinationEntry> from_wire(const wire::Destination& wire, Family family) {
  if (wire.addr_family.value_or(AF_UNSPEC) != AF_UNSPEC) {
    const std::optional<Family> own = from_af(*wire.addr_family);
    if (!own) return std::nullopt;
    family = *own;
  }
  if (!wire.addr || !wire.port || !wire.fwd_method || !wire.weight || !wire.u_thresh || !wire.l_thresh) {
    return std::nullopt;
  }
  return DestinationEntry{
      .destination = {.endpoint = {.address = from_union(*wire.addr, family), .port = {wire.port->value}},
                      .forwarding = static_cast<Forwarding>(*wire.fwd_method & IP_VS_CONN_F_FWD_MASK),
                      .weight = *wire.weight,
                      .thresholds = {.upper = *wire.u_thresh, .lower = *wire.l_thresh},
                      .tunnel = {.type = static_cast<TunnelType>(wire.tun_type.value_or(0)),
                                 .port = {wire.tun_port.value_or(wire::Big16{}).value},
                                 .flags = Flags<TunnelFlag>::from_bits(wire.tun_flags.value_or(0))}},
      .active_connections = wire.active_conns.value_or(0),
      .inactive_connections = wire.inact_conns.value_or(0),
      .persistent_connections = wire.persist_conns.value_or(0),
      .stats = from_wire(wire.stats, wire.stats64)};
}

std::optional<Daemon> from_wire(const wire::Daemon& wire) {
  if (!wire.state || !wire.mcast_ifn || !wire.sync_id) return std::nullopt;
  if (*wire.state != IP_VS_STATE_MASTER && *wire.state != IP_VS_STATE_BACKUP) return std::nullopt;
  Daemon daemon{.role = static_cast<DaemonRole>(*wire.state),
                .interface = std::string{wire.mcast_ifn->view()},
                .sync_id = {static_cast<std::uint8_t>(*wire.sync_id)},
                .max_length = wire.sync_maxlen.value_or(0),
                .port = {wire.mcast_port.value_or(0)},
                .ttl = wire.mcast_ttl.value_or(0)};
  if (wire.mcast_group) daemon.group = Address{*wire.mcast_group};
  if (wire.mcast_group6) daemon.group = Address{*wire.mcast_group6};
  return daemon;
}

std::optional<Info> from_wire(const wire::Info& wire) {
  if (!wire.version || !wire.conn_tab_size) return std::nullopt;
  const std::uint32_t version = *wire.version;
  return Info{.version = {.major = static_cast<std::uint8_t>(version >> 16U),
                          .minor = static_cast<std::uint8_t>(version >> 8U),
                          .patch = static_cast<std::uint8_t>(version)},
              .connection_table_size = *wire.conn_tab_size};
}

std::optional<Timeouts> from_wire(const wire::Config& wire) {
  if (!wire.timeout_tcp || !wire.timeout_tcp_fin || !wire.timeout_udp) return std::nullopt;
  return Timeouts{
      .tcp = Seconds{*wire.timeout_tcp}, .tcp_fin = Seconds{*wire.timeout_tcp_fin}, .udp = Seconds{*wire.timeout_udp}};
}

}  // namespace ipvs::convert
