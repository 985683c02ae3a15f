// Time since boot, as the core counts it.
#pragma once

#include <chrono>

#include "core/verdict.hpp"

namespace keepalive::probe {

inline core::Time clock_now() {
  return std::chrono::duration_cast<core::Time>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace keepalive::probe
