// The VRRP role: virtual routers, their addresses and announcements, and nothing else, so that nothing delays them.
//
// It outlives directors: the launcher holds the other end of its only inherited channel and hands it a new director's
// channel over that.
#pragma once

#include <string>

namespace keepalive::vrrp_role {

/// Works until the launcher says so, or is gone. `instance`: the name of the daemon, if it has one. Returns the exit
/// code.
int run_vrrp(int launcher_fd, const std::string& instance);

}  // namespace keepalive::vrrp_role
