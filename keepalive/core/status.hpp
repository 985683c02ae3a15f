// The daemon's state as JSON, for people and programs: keepalive-api(7) has the members. Linear in what there is.
#pragma once

#include <string>

#include "core/circumstances.hpp"
#include "core/engine.hpp"

namespace keepalive::core {

/// GET /v1/status. Before the first configuration: no services and pools.
std::string status(const Engine& engine, const Circumstances& circumstances, const CountTable& counts, Time now);

/// GET /v1/servers/SERVER: one element of a pool's `servers`.
std::string server_status(const Engine& engine, const Circumstances& circumstances, const CountTable& counts,
                          ServerRef server, Time now);

}  // namespace keepalive::core
