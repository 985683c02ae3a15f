// The table of paths as an OpenAPI description. Pure.
#pragma once

#include <string>

namespace keepalive::monitor {

/// JSON, OpenAPI 3.0.
std::string openapi();

}  // namespace keepalive::monitor
