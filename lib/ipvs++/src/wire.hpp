// The attribute sets of <linux/ip_vs.h> as plain structs, each with one table that ties attribute numbers to
// members. codec.hpp encodes and decodes by looping over the tables; convert.hpp gives the values a meaning.
#pragma once

#include <linux/genetlink.h>
#include <linux/ip_vs.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

namespace ipvs::wire {

/// A 16-bit value in network order on the wire, in host order here.
struct Big16 {
  std::uint16_t value = 0;
  friend constexpr bool operator==(const Big16&, const Big16&) = default;
};

/// A 32-bit value whose bytes the kernel never looks at as a number: an IPv4 address or mask.
using Bytes4 = std::array<std::uint8_t, 4>;
/// union nf_inet_addr: 16 bytes for either family.
using Bytes16 = std::array<std::uint8_t, 16>;

/// A name of at most 15 bytes, with its NUL on the wire.
struct Name {
  static constexpr std::size_t capacity = 15;

  std::array<char, capacity + 1> text = {};
  std::uint8_t size = 0;

  constexpr Name() = default;
  /// Cuts a name to what the kernel holds.
  constexpr explicit Name(std::string_view name) : size{static_cast<std::uint8_t>(name.copy(text.data(), capacity))} {}
  constexpr std::string_view view() const { return {text.data(), size}; }
  friend constexpr bool operator==(const Name& a, const Name& b) { return a.view() == b.view(); }
};

/// struct ip_vs_flags: bits of `mask` are set to those of `flags`, others stay.
struct MaskedFlags {
  std::uint32_t flags = 0;
  std::uint32_t mask = 0;
  friend constexpr bool operator==(const MaskedFlags&, const MaskedFlags&) = default;
};

/// IPVS_STATS_ATTR_*, of either width: STATS has some 32-bit members, STATS64 has none.
struct Stats {
  std::optional<std::uint64_t> conns = {};
  std::optional<std::uint64_t> inpkts = {};
  std::optional<std::uint64_t> outpkts = {};
  std::optional<std::uint64_t> inbytes = {};
  std::optional<std::uint64_t> outbytes = {};
  std::optional<std::uint64_t> cps = {};
  std::optional<std::uint64_t> inpps = {};
  std::optional<std::uint64_t> outpps = {};
  std::optional<std::uint64_t> inbps = {};
  std::optional<std::uint64_t> outbps = {};
  friend bool operator==(const Stats&, const Stats&) = default;
};

struct Service {
  std::optional<std::uint16_t> af = {};
  std::optional<std::uint16_t> protocol = {};
  std::optional<Bytes16> addr = {};
  std::optional<Big16> port = {};
  std::optional<std::uint32_t> fwmark = {};
  std::optional<Name> sched_name = {};
  std::optional<MaskedFlags> flags = {};
  std::optional<std::uint32_t> timeout = {};
  std::optional<Bytes4> netmask = {};
  std::optional<Name> pe_name = {};
  std::optional<Stats> stats = {};
  std::optional<Stats> stats64 = {};
  friend bool operator==(const Service&, const Service&) = default;
};

struct Destination {
  std::optional<std::uint16_t> addr_family = {};
  std::optional<Bytes16> addr = {};
  std::optional<Big16> port = {};
  std::optional<std::uint32_t> fwd_method = {};
  std::optional<std::int32_t> weight = {};
  std::optional<std::uint32_t> u_thresh = {};
  std::optional<std::uint32_t> l_thresh = {};
  std::optional<std::uint8_t> tun_type = {};
  std::optional<Big16> tun_port = {};
  std::optional<std::uint16_t> tun_flags = {};
  std::optional<std::uint32_t> active_conns = {};
  std::optional<std::uint32_t> inact_conns = {};
  std::optional<std::uint32_t> persist_conns = {};
  std::optional<Stats> stats = {};
  std::optional<Stats> stats64 = {};
  friend bool operator==(const Destination&, const Destination&) = default;
};

struct Daemon {
  std::optional<std::uint32_t> state = {};
  std::optional<Name> mcast_ifn = {};
  std::optional<std::uint32_t> sync_id = {};
  std::optional<std::uint16_t> sync_maxlen = {};
  std::optional<Bytes4> mcast_group = {};
  std::optional<Bytes16> mcast_group6 = {};
  std::optional<std::uint16_t> mcast_port = {};  // in host order, unlike every other port
  std::optional<std::uint8_t> mcast_ttl = {};
  friend bool operator==(const Daemon&, const Daemon&) = default;
};

/// The answer to IPVS_CMD_GET_INFO: attributes of the first level, numbered on their own.
struct Info {
  std::optional<std::uint32_t> version = {};
  std::optional<std::uint32_t> conn_tab_size = {};
  friend bool operator==(const Info&, const Info&) = default;
};

/// The timeouts of IPVS_CMD_SET_CONFIG and its like: attributes of the first level.
struct Config {
  std::optional<std::uint32_t> timeout_tcp = {};
  std::optional<std::uint32_t> timeout_tcp_fin = {};
  std::optional<std::uint32_t> timeout_udp = {};
  friend bool operator==(const Config&, const Config&) = default;
};

/// A generic netlink family, as the controller tells of it.
struct GenlFamily {
  std::optional<std::uint16_t> id = {};
  std::optional<Name> name = {};
  friend bool operator==(const GenlFamily&, const GenlFamily&) = default;
};

/// One row: the attribute's number and the member that holds its value.
template <class Set, class Value>
struct Field {
  std::uint16_t number;
  std::optional<Value> Set::*member;
};
template <class Set, class Value>
Field(int, std::optional<Value> Set::*) -> Field<Set, Value>;

/// The table of a set: a tuple of Field.
template <class Set>
inline constexpr auto fields = nullptr;

template <>
inline constexpr auto fields<Stats> =
    std::tuple{Field{IPVS_STATS_ATTR_CONNS, &Stats::conns},       Field{IPVS_STATS_ATTR_INPKTS, &Stats::inpkts},
               Field{IPVS_STATS_ATTR_OUTPKTS, &Stats::outpkts},   Field{IPVS_STATS_ATTR_INBYTES, &Stats::inbytes},
               Field{IPVS_STATS_ATTR_OUTBYTES, &Stats::outbytes}, Field{IPVS_STATS_ATTR_CPS, &Stats::cps},
               Field{IPVS_STATS_ATTR_INPPS, &Stats::inpps},       Field{IPVS_STATS_ATTR_OUTPPS, &Stats::outpps},
               Field{IPVS_STATS_ATTR_INBPS, &Stats::inbps},       Field{IPVS_STATS_ATTR_OUTBPS, &Stats::outbps}};

template <>
inline constexpr auto fields<Service> =
    std::tuple{Field{IPVS_SVC_ATTR_AF, &Service::af},           Field{IPVS_SVC_ATTR_PROTOCOL, &Service::protocol},
               Field{IPVS_SVC_ATTR_ADDR, &Service::addr},       Field{IPVS_SVC_ATTR_PORT, &Service::port},
               Field{IPVS_SVC_ATTR_FWMARK, &Service::fwmark},   Field{IPVS_SVC_ATTR_SCHED_NAME, &Service::sched_name},
               Field{IPVS_SVC_ATTR_FLAGS, &Service::flags},     Field{IPVS_SVC_ATTR_TIMEOUT, &Service::timeout},
               Field{IPVS_SVC_ATTR_NETMASK, &Service::netmask}, Field{IPVS_SVC_ATTR_PE_NAME, &Service::pe_name},
               Field{IPVS_SVC_ATTR_STATS, &Service::stats},     Field{IPVS_SVC_ATTR_STATS64, &Service::stats64}};

template <>
inline constexpr auto fields<Destination> = std::tuple{Field{IPVS_DEST_ATTR_ADDR_FAMILY, &Destination::addr_family},
                                                       Field{IPVS_DEST_ATTR_ADDR, &Destination::addr},
                                                       Field{IPVS_DEST_ATTR_PORT, &Destination::port},
                                                       Field{IPVS_DEST_ATTR_FWD_METHOD, &Destination::fwd_method},
                                                       Field{IPVS_DEST_ATTR_WEIGHT, &Destination::weight},
                                                       Field{IPVS_DEST_ATTR_U_THRESH, &Destination::u_thresh},
                                                       Field{IPVS_DEST_ATTR_L_THRESH, &Destination::l_thresh},
                                                       Field{IPVS_DEST_ATTR_TUN_TYPE, &Destination::tun_type},
                                                       Field{IPVS_DEST_ATTR_TUN_PORT, &Destination::tun_port},
                                                       Field{IPVS_DEST_ATTR_TUN_FLAGS, &Destination::tun_flags},
                                                       Field{IPVS_DEST_ATTR_ACTIVE_CONNS, &Destination::active_conns},
                                                       Field{IPVS_DEST_ATTR_INACT_CONNS, &Destination::inact_conns},
                                                       Field{IPVS_DEST_ATTR_PERSIST_CONNS, &Destination::persist_conns},
                                                       Field{IPVS_DEST_ATTR_STATS, &Destination::stats},
                                                       Field{IPVS_DEST_ATTR_STATS64, &Destination::stats64}};

template <>
inline constexpr auto fields<Daemon> = std::tuple{Field{IPVS_DAEMON_ATTR_STATE, &Daemon::state},
                                                  Field{IPVS_DAEMON_ATTR_MCAST_IFN, &Daemon::mcast_ifn},
                                                  Field{IPVS_DAEMON_ATTR_SYNC_ID, &Daemon::sync_id},
                                                  Field{IPVS_DAEMON_ATTR_SYNC_MAXLEN, &Daemon::sync_maxlen},
                                                  Field{IPVS_DAEMON_ATTR_MCAST_GROUP, &Daemon::mcast_group},
                                                  Field{IPVS_DAEMON_ATTR_MCAST_GROUP6, &Daemon::mcast_group6},
                                                  Field{IPVS_DAEMON_ATTR_MCAST_PORT, &Daemon::mcast_port},
                                                  Field{IPVS_DAEMON_ATTR_MCAST_TTL, &Daemon::mcast_ttl}};

template <>
inline constexpr auto fields<Info> = std::tuple{Field{IPVS_INFO_ATTR_VERSION, &Info::version},
                                                Field{IPVS_INFO_ATTR_CONN_TAB_SIZE, &Info::conn_tab_size}};

template <>
inline constexpr auto fields<Config> = std::tuple{Field{IPVS_CMD_ATTR_TIMEOUT_TCP, &Config::timeout_tcp},
                                                  Field{IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, &Config::timeout_tcp_fin},
                                                  Field{IPVS_CMD_ATTR_TIMEOUT_UDP, &Config::timeout_udp}};

template <>
inline constexpr auto fields<GenlFamily> =
    std::tuple{Field{CTRL_ATTR_FAMILY_ID, &GenlFamily::id}, Field{CTRL_ATTR_FAMILY_NAME, &GenlFamily::name}};

/// Where a set that is nested in a command stands.
template <class Set>
inline constexpr std::uint16_t number = 0;
template <>
inline constexpr std::uint16_t number<Service> = IPVS_CMD_ATTR_SERVICE;
template <>
inline constexpr std::uint16_t number<Destination> = IPVS_CMD_ATTR_DEST;
template <>
inline constexpr std::uint16_t number<Daemon> = IPVS_CMD_ATTR_DAEMON;

}  // namespace ipvs::wire
