// The families of virtual routers, heartbeat lines and witnesses.
#pragma once

#include "core/engine.hpp"
#include "core/metrics_page.hpp"

namespace keepalive::core {

/// Where there are virtual routers. `boot`: added to a Time, µs since 1970.
void add_routers(exposition::Page& page, const Engine& engine, Time boot);

}  // namespace keepalive::core
