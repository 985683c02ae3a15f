// What a configuration gives to others of root's: programs that run, and who may do how much through the monitor. Texts
// that come by the API may not widen it unless [monitor] trust_edits says so.
#pragma once

#include <string>

#include "config/model.hpp"

namespace keepalive {

/// What `after` gives that `before` does not, as a sentence; empty: nothing. A program counts with its arguments and
/// its user, wherever it stands.
std::string overreach(const Config& before, const Config& after);

}  // namespace keepalive
