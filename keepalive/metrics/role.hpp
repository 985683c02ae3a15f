// The metrics role: serves the director's figures to scrapers.
#pragma once

namespace keepalive::metrics {

/// Works for the director at the other end of the channel until it closes. Returns the exit code.
int run_metrics(int channel_fd);

}  // namespace keepalive::metrics
