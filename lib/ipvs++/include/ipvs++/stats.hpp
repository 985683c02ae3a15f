// Traffic counters. Always 64 bit; a kernel older than 4.1 fills them from its 32-bit ones.
#pragma once

#include <cstdint>

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

/// Totals since the object was made or zeroed. The kernel brings them up to date every 2 seconds.
struct Counters {
  std::uint64_t connections = 0;
  std::uint64_t in_packets = 0;
  std::uint64_t out_packets = 0;
  std::uint64_t in_bytes = 0;
  std::uint64_t out_bytes = 0;

  friend constexpr bool operator==(const Counters&, const Counters&) = default;
};

/// Per-second rates that the kernel estimates over the last seconds.
struct Rates {
  std::uint64_t connections = 0;
  std::uint64_t in_packets = 0;
  std::uint64_t out_packets = 0;
  std::uint64_t in_bytes = 0;
  std::uint64_t out_bytes = 0;

  friend constexpr bool operator==(const Rates&, const Rates&) = default;
};

struct Stats {
  Counters counters = {};
  Rates rates = {};

  friend constexpr bool operator==(const Stats&, const Stats&) = default;
};

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs
