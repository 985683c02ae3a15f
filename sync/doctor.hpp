// What keeps connections from being copied, seen from the set-up of both ends, each with its remedy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/report.hpp"
#include "sync/talk.hpp"

namespace ipvs::sync {

struct Finding {
  bool fatal = false;  // nothing, or less than everything, is copied; otherwise worth knowing
  std::string what = "";
  std::string remedy = "";

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// Of one side alone.
std::vector<Finding> examine(const Facts& side);
/// Of what the two sides have to agree in.
std::vector<Finding> examine(const Facts& here, const Facts& there);

/// Of what comes from one side to the other: the agents' probes by multicast, or the relay's packets. `here`: this host.
std::vector<Finding> examine(const Facts& here, const PeerReport& peer);

/// Connections to a server: as the mirror has them, and as the kernel counts them.
struct ServerCount {
  Address server{};
  std::uint64_t mirror = 0;
  std::optional<std::uint64_t> kernel = std::nullopt;  // absent: no service has that server, or none any more

  friend bool operator==(const ServerCount&, const ServerCount&) = default;
};
/// What was synced and the kernel does not have.
std::vector<Finding> examine(const Facts& here, const std::vector<ServerCount>& servers);

}  // namespace ipvs::sync
