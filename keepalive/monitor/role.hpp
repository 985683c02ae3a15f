// The monitor role: shows the directors to browsers, and lets those steer them who may.
#pragma once

#include <string>

namespace keepalive::monitor {

/// Works for the director at the other end of the channel until it closes. `folder`: its own, for what survives a
/// restart; it goes on without. Returns the exit code.
int run_monitor(int channel_fd, const std::string& folder);

}  // namespace keepalive::monitor
