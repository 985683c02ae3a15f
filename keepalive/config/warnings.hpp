// What is no fault but most likely not meant: `keepalive --check` and `keepalivectl doctor` tell of it.
#pragma once

#include "config/draft.hpp"
#include "config/load.hpp"

namespace keepalive::config {

/// Checks that no server has, as indices of Config::checks.
std::vector<std::size_t> unused_checks(const Config& config);
/// How many servers of a pool have no check.
std::size_t unchecked_servers(const Pool& pool);

/// Of a draft without faults, each at its section.
Diagnostics warnings(const Draft& draft);

}  // namespace keepalive::config
