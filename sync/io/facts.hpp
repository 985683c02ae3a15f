// How this host's side of connection sync is set up, read from the system.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/talk.hpp"

namespace ipvs::sync {

/// Needs no privilege. `daemons`: as they run; who may ask the kernel fills them in.
Facts read_facts(const std::string& interface, std::optional<std::vector<Daemon>> daemons);

}  // namespace ipvs::sync
