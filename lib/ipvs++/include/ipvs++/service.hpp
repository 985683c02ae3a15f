// Virtual services: how the kernel names one (ServiceKey), what one may configure (Service) and what it
// tells of one (ServiceEntry).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <variant>

#include "ipvs++/address.hpp"
#include "ipvs++/flags.hpp"
#include "ipvs++/stats.hpp"

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

/// IP protocol numbers that IPVS knows. Over netlink the kernel takes a service of any number; only TCP, UDP and
/// SCTP are balanced.
enum class Protocol : std::uint8_t { tcp = 6, udp = 17, esp = 50, ah = 51, sctp = 132 };

/// A packet mark; the kernel takes 1 to 2^32-1.
struct Fwmark {
  std::uint32_t value = 0;

  friend constexpr auto operator<=>(const Fwmark&, const Fwmark&) = default;
};

/// A service known by protocol, address and port.
struct VipKey {
  Protocol protocol = Protocol::tcp;
  Endpoint endpoint = {};

  friend constexpr auto operator<=>(const VipKey&, const VipKey&) = default;
};

/// A service known by the mark that a packet filter set.
struct FwmarkKey {
  Fwmark mark = {};
  Family family = Family::ipv4;

  friend constexpr auto operator<=>(const FwmarkKey&, const FwmarkKey&) = default;
};

/// How the kernel names a virtual service. Ordered: first by address, then by mark.
using ServiceKey = std::variant<VipKey, FwmarkKey>;

Family family(const ServiceKey& key);

/// Whole seconds, the unit of every IPVS timeout.
using Seconds = std::chrono::duration<std::uint32_t>;

/// Which part of a client's address persistence looks at.
/// IPv4: the mask in host order (255.255.255.0 is 0xffffff00; any bit pattern is allowed).
/// IPv6: the prefix length, 1 to 128.
struct Netmask {
  std::uint32_t value = 0;

  /// The mask that looks at the whole address: 0xffffffff or 128.
  static constexpr Netmask full(Family family) { return {family == Family::ipv4 ? 0xffffffffU : 128U}; }

  friend constexpr bool operator==(const Netmask&, const Netmask&) = default;
};

enum class ServiceFlag : std::uint32_t {
  one_packet = 0x0004,  ///< schedule every UDP packet by itself
  sched1 = 0x0008,      ///< "flag-1" of schedulers other than sh and mh
  sched2 = 0x0010,
  sched3 = 0x0020,
  sh_fallback = sched1,  ///< sh: take another server when the chosen one is unavailable
  sh_port = sched2,      ///< sh: hash the source port too
  mh_fallback = sched1,
  mh_port = sched2,
};

/// All that one may configure of a virtual service.
struct Service {
  ServiceKey key = {};
  std::string scheduler = "wlc";  ///< at most 15 bytes; "none" for no scheduler
  Flags<ServiceFlag> flags = {};
  std::optional<Seconds> persistence = std::nullopt;  ///< timeout of the client's affinity; absent: not persistent
  std::optional<Netmask> netmask = std::nullopt;      ///< absent: the whole client address
  std::string persistence_engine = "";                ///< at most 15 bytes ("sip"); empty: none

  friend bool operator==(const Service&, const Service&) = default;
};

/// A service as the kernel has it.
struct ServiceEntry {
  Service service = {};
  Stats stats = {};

  friend bool operator==(const ServiceEntry&, const ServiceEntry&) = default;
};

/// "TCP", "UDP", "SCTP", "AH", "ESP", "IP" for 0 (connection templates of marks), or the number.
std::string to_string(Protocol protocol);
/// "TCP 192.0.2.1:80", "FWM 7" or "FWM 7 IPv6".
std::string to_string(const ServiceKey& key);
std::ostream& operator<<(std::ostream& out, const ServiceKey& key);
std::ostream& operator<<(std::ostream& out, const Service& service);

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs

template <>
struct std::hash<ipvs::ServiceKey> {
  std::size_t operator()(const ipvs::ServiceKey& key) const noexcept;
};
