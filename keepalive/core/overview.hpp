// The state that a monitor shows of a director, as JSON in few bytes: keepalive-api(7) has the members. 1,000 services
// with 20 servers each are 1.2 MB, and 0.1 MB once gzip has had them.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "core/circumstances.hpp"
#include "core/engine.hpp"

namespace keepalive::core {

/// Names of pools; nothing: all.
using Chosen = std::optional<std::set<std::string, std::less<>>>;

/// What is told.
struct Scope {
  Chosen pools = std::nullopt;  // these alone, and the services that use them
  bool rates = false;           // of every service that was counted
};

/// GET /v1/overview. Before the first configuration: no services and pools.
std::string overview(const Engine& engine, const Circumstances& circumstances, const CountTable& counts, Time now,
                     const Scope& scope = {});

/// The services that the servers of chosen pools stand in.
std::vector<ipvs::ServiceKey> keys_of(const Config& config, const Chosen& chosen);

}  // namespace keepalive::core
