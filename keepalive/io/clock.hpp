// The only clock: time since boot, sleep included. The core gets it as a value.
#pragma once

#include "core/verdict.hpp"

namespace keepalive::io {

core::Time now();
/// What to add to a core::Time to get µs since 1970.
core::Time boot();

}  // namespace keepalive::io
