// The daemon's state as OpenMetrics text, for Prometheus: keepalive-api(7) lists the families.
#pragma once

#include <string>

#include "core/circumstances.hpp"
#include "core/engine.hpp"

namespace keepalive::core {

/// GET /metrics; content type "application/openmetrics-text; version=1.0.0; charset=utf-8".
std::string metrics(const Engine& engine, const Circumstances& circumstances, const CountTable& counts);

}  // namespace keepalive::core
