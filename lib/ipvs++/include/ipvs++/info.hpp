// What the kernel tells of itself, and the timeouts of its connection table.
#pragma once

#include <compare>
#include <cstdint>

#include "ipvs++/service.hpp"

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

/// Version of IPVS, not of the kernel: 1.2.1 since 2005.
struct Version {
  std::uint8_t major = 0;
  std::uint8_t minor = 0;
  std::uint8_t patch = 0;

  friend constexpr auto operator<=>(const Version&, const Version&) = default;
};

struct Info {
  Version version = {};
  std::uint32_t connection_table_size = 0;  ///< hash buckets

  friend constexpr bool operator==(const Info&, const Info&) = default;
};

/// How long an idle connection is remembered. In set_timeouts(), 0 leaves a value as it is.
struct Timeouts {
  Seconds tcp = {};
  Seconds tcp_fin = {};
  Seconds udp = {};

  friend constexpr bool operator==(const Timeouts&, const Timeouts&) = default;
};

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs
