// Which probe a check asks for.
#pragma once

#include <memory>

#include "probe/probe.hpp"

namespace keepalive::probe {

/// What probes share.
struct Workshop {
  Poller& poller;
};

/// Never null: a check that cannot run gets a probe that says so.
std::unique_ptr<Probe> make_probe(Workshop& workshop, Task task);

}  // namespace keepalive::probe
