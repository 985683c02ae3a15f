// Rules of probes: that each has a port, an address of the right family and a mark to go by.
#pragma once

#include "config/teller.hpp"

namespace keepalive::config {

/// Once services have their keys and pools their checks.
void check_probes(Draft& draft, Teller& tell);

}  // namespace keepalive::config
