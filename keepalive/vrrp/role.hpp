// The VRRP role: virtual routers, their addresses and announcements, and nothing else, so that nothing delays them.
//
// It outlives directors: the launcher holds the other end of its only inherited channel and hands it a new director's
// channel over that.
#pragma once

namespace keepalive::vrrp_role {

/// Works until the launcher says so, or is gone. Returns the exit code.
int run_vrrp(int launcher_fd);

}  // namespace keepalive::vrrp_role
