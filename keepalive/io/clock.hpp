// The only clock, that of timers: time since boot. The core gets it as a value.
#pragma once

#include <chrono>

#include "core/verdict.hpp"

namespace keepalive::io {

core::Time now();
/// The same moment for a timer.
inline std::chrono::steady_clock::time_point moment(core::Time time) {
  return std::chrono::steady_clock::time_point{std::chrono::duration_cast<std::chrono::steady_clock::duration>(time)};
}
/// What to add to a core::Time to get µs since 1970.
core::Time boot();
/// Since 1970, UTC: what people and certificates go by.
std::chrono::seconds epoch();
/// What this thread has had of the processor.
core::Time processor_time();

}  // namespace keepalive::io
