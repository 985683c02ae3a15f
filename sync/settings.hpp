// How an agent is set up: by keepalive's [sync], or by the options of ipvs-sync.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ipvs++/daemon.hpp"
#include "sync/roles.hpp"

namespace ipvs::sync {

/// What the kernel's daemons speak on.
struct Line {
  std::string interface = "";
  Address group = default_group;
  Port port{8848};
  std::uint8_t ports = 1;  // from that port on: one for each thread
  SyncId id = {};          // of what is given to the kernel

  friend bool operator==(const Line&, const Line&) = default;
};

struct AgentSettings {
  std::string host = "";
  Line line = {};
  bool relay = false;                             // carry the kernel's datagrams to the peers
  std::optional<Endpoint> listen = std::nullopt;  // channel (TCP) and relay (UDP)
  std::vector<Endpoint> peers = {};
  std::vector<std::string> secrets = {};  // the first is used, all are accepted
  std::string certificate = "";           // PEM; with `ca` instead of secrets
  std::string certificate_key = "";
  std::string ca = "";
  bool donate = true;                                         // give one's connections to a peer that joins
  std::uint32_t resync_rate = 50'000;                         // connections a second
  std::optional<std::vector<Daemon>> daemons = std::nullopt;  // as they run, for who asks
  std::string socket = "";                                    // of the tools' requests; empty: none

  friend bool operator==(const AgentSettings&, const AgentSettings&) = default;
};

}  // namespace ipvs::sync
