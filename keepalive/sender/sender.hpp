// The sender role: alerts become mails and webhook calls.
#pragma once

namespace keepalive::sender {

/// Works for the director at the other end of the channel until it closes; what waits then has 4 s to go out.
/// Returns the exit code.
int run_sender(int channel_fd);

}  // namespace keepalive::sender
