// Journal entries and faults of a configuration as lines of the log.
#pragma once

#include "config/load.hpp"
#include "core/action.hpp"

namespace keepalive {

void log(const core::Journal& entry);
void log_faults(const Diagnostics& faults);

}  // namespace keepalive
