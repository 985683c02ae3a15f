// The kernel's connection-sync daemons: at most one of each role in a network namespace.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "ipvs++/address.hpp"

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

enum class DaemonRole : std::uint8_t { master = 1, backup = 2 };

/// Tells the senders on one group apart, 0 to 255. A backup with 0 accepts all.
struct SyncId {
  std::uint8_t value = 0;

  friend constexpr auto operator<=>(const SyncId&, const SyncId&) = default;
};

/// Settings of one sync daemon. Zero or absent: the kernel's default, which it then reports.
struct Daemon {
  DaemonRole role = DaemonRole::master;
  std::string interface = "";  ///< at most 15 bytes; the kernel requires one
  SyncId sync_id = {};
  std::uint16_t max_length = 0;                 ///< bytes of UDP payload
  std::optional<Address> group = std::nullopt;  ///< multicast group (224.0.0.81)
  Port port = {};                               ///< UDP port of the first sender thread (8848)
  std::uint8_t ttl = 0;                         ///< multicast TTL (1)

  friend bool operator==(const Daemon&, const Daemon&) = default;
};

std::ostream& operator<<(std::ostream& out, const Daemon& daemon);

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs
