// The state that a monitor shows of a director, as JSON in few bytes: keepalive-api(7) has the members. 1,000 services
// with 20 servers each stay below 1 MB.
#pragma once

#include <string>

#include "core/circumstances.hpp"
#include "core/engine.hpp"

namespace keepalive::core {

/// GET /v1/overview. Before the first configuration: no services and pools.
std::string overview(const Engine& engine, const Circumstances& circumstances, const CountTable& counts, Time now);

}  // namespace keepalive::core
