// [sync] as values: the kernel's connection sync, and the agent that carries and completes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ipvs++/service.hpp"
#include "sync/roles.hpp"

namespace keepalive {

struct Sync {
  ipvs::sync::Settings daemons = {};
  std::string follow = "";  // a [vrrp]; empty: both daemons always

  /// How the messages come to the other director: by the kernel's multicast, or by the agents.
  enum class Transport : std::uint8_t { multicast, relay };
  Transport transport = Transport::multicast;
  std::vector<ipvs::Endpoint> peers = {};  // the other directors' agents
  std::optional<ipvs::Endpoint> listen = std::nullopt;
  std::vector<std::string> keys = {};  // of the agents' channel: the first is used, all are taken
  std::string certificate = "";        // PEM text; instead of keys
  std::string certificate_key = "";    // PEM text
  std::string ca = "";                 // PEM text
  std::uint32_t share = 99;            // percent of connections that must agree for failback = when-synced
  bool resync = true;                  // a director that joins gets ours
  std::uint32_t resync_rate = 50000;   // connections a second

  friend bool operator==(const Sync&, const Sync&) = default;
};
constexpr ipvs::Port agent_port{8849};

}  // namespace keepalive
