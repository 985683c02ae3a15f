// The launcher: starts and restarts the roles, reads files, runs programs. It takes nothing from the network.
#pragma once

#include <functional>

#include "options.hpp"

namespace keepalive {

/// Runs until SIGTERM; calls `ready` once, when the first configuration is in force. Returns the exit code.
int run_launcher(const Options& options, std::function<void()> ready);

}  // namespace keepalive
