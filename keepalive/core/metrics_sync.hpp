// The metrics of connection sync.
#pragma once

#include "core/engine.hpp"
#include "core/metrics_page.hpp"

namespace keepalive::core {

/// Nothing where there is no [sync]. `boot`: added to a Time, time since 1970.
void add_sync(exposition::Page& page, const Engine& engine, Time boot);

}  // namespace keepalive::core
