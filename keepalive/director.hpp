// The director: the one loop through which every event goes to the engine, and every action to the world.
#pragma once

#include "options.hpp"

namespace keepalive {

/// Runs over the channel to the launcher until that closes or says so. Returns the exit code.
int run_director(const Options& options);

}  // namespace keepalive
