// Turns a draft into a Config: names become indices, and what only shows when all is known is checked here.
#pragma once

#include "config/draft.hpp"
#include "config/load.hpp"

namespace keepalive::config {

void resolve(Draft& draft, Diagnostics& faults);

}  // namespace keepalive::config
