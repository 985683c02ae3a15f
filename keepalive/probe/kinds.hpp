// Which probe a check asks for.
#pragma once

#include <memory>

#include "probe/probe.hpp"
#include "probe/urls.hpp"

namespace keepalive::probe {

/// Never null: a check that cannot run gets a probe that says so.
std::unique_ptr<Probe> make_probe(Urls& urls, Task task);

}  // namespace keepalive::probe
