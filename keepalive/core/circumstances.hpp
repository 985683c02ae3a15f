// What the engine cannot know of itself, for those who tell of it: status, explain, report, metrics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/verdict.hpp"
#include "core/versions.hpp"
#include "ipvs++/service.hpp"

namespace keepalive::core {

struct Circumstances {
  std::string version = "";
  std::string instance = "";
  std::string path = "";     // configuration file
  std::int32_t process = 0;  // of the director
  Time boot{0};              // plus a Time: microseconds since 1970
  Time loaded{0};            // when the configuration took effect
  std::string fault = "";    // of the last reload that failed: rendered diagnostics; empty: none
  Time lag{0};               // the worst of the loop in the last minute
  bool last_good = false;    // runs on the kept last good configuration: the file was broken at start
  std::optional<Pending> pending = std::nullopt;  // a configuration that waits to be confirmed
};

/// What the kernel counts for one server of one service.
struct Counts {
  std::uint64_t active = 0;
  std::uint64_t inactive = 0;
  ipvs::Stats stats = {};

  friend bool operator==(const Counts&, const Counts&) = default;
};

/// The same for a service; its own numbers stay when a server leaves.
struct ServiceCounts {
  ipvs::Stats stats = {};
  std::unordered_map<ipvs::Endpoint, Counts> servers = {};
};

/// A service that could not be read is absent.
using CountTable = std::unordered_map<ipvs::ServiceKey, ServiceCounts>;

/// "2026-11-24T09:25:36.000250Z": RFC 3339, UTC. `time`: since 1970.
std::string timestamp(Time time);
/// "300 ms", "42 s", "5 min", "3 h", "2 days": rounded down.
std::string duration(Time time);

}  // namespace keepalive::core
