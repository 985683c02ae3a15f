// Destinations: the real servers behind a virtual service.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "ipvs++/address.hpp"
#include "ipvs++/flags.hpp"
#include "ipvs++/stats.hpp"

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

/// How packets reach the server (IP_VS_CONN_F_FWD_MASK).
enum class Forwarding : std::uint32_t {
  masquerade = 0,
  local = 1,  ///< the director itself
  tunnel = 2,
  direct_route = 3,
  bypass = 4,
};

enum class TunnelType : std::uint8_t { ipip, gue, gre };

/// Checksums of the encapsulation; none set means no checksum.
enum class TunnelFlag : std::uint16_t { csum = 1, remcsum = 2 };

/// Encapsulation of Forwarding::tunnel; without meaning otherwise. Kernel 5.3 or later for gue and gre.
struct Tunnel {
  TunnelType type = TunnelType::ipip;
  Port port = {};  ///< gue only: UDP port of the server's decapsulation
  Flags<TunnelFlag> flags = {};

  friend constexpr bool operator==(const Tunnel&, const Tunnel&) = default;
};

/// Connections (active and inactive) at which the kernel stops and resumes giving the server new ones; 0: no limit.
struct Thresholds {
  std::uint32_t upper = 0;
  std::uint32_t lower = 0;

  friend constexpr bool operator==(const Thresholds&, const Thresholds&) = default;
};

/// All that one may configure of a destination.
struct Destination {
  Endpoint endpoint = {};
  Forwarding forwarding = Forwarding::direct_route;
  std::int32_t weight = 1;  ///< 0: no new connections; the kernel refuses negative ones (ERANGE)
  Thresholds thresholds = {};
  Tunnel tunnel = {};

  friend bool operator==(const Destination&, const Destination&) = default;
};

/// A destination as the kernel has it.
struct DestinationEntry {
  Destination destination = {};
  std::uint32_t active_connections = 0;
  std::uint32_t inactive_connections = 0;
  std::uint32_t persistent_connections = 0;
  Stats stats = {};

  friend bool operator==(const DestinationEntry&, const DestinationEntry&) = default;
};

std::ostream& operator<<(std::ostream& out, const Destination& destination);

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs
