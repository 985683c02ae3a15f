// The prober role: an unprivileged process that runs checks for the director and reads all the foreign answers.
#pragma once

namespace keepalive::probe {

/// Serves the director at the other end of the channel, whose end it owns, until that closes it; gives the exit code.
int run_prober(int channel_fd);

}  // namespace keepalive::probe
