// The role that runs the agent of connection sync: it hears the sync network and other directors' agents, and owns
// nothing but a packet socket.
#pragma once

namespace keepalive::syncer {

/// Works for the director at the other end of the channel until it closes. Returns the exit code.
int run_sync(int channel_fd);

}  // namespace keepalive::syncer
