// Journal entries and faults of a configuration as lines of the log.
#pragma once

#include "config/load.hpp"
#include "core/action.hpp"
#include "core/launch.hpp"

namespace keepalive {

void log(const core::Journal& entry);
void log_faults(const Diagnostics& faults);
/// A program of this object did not succeed.
void log_failure(const std::string& object, const core::ProgramDone& done);

}  // namespace keepalive
