// The configuration's sections and keys as JSON, for programs that make forms of them: keepalive-api(7) has the members.
#pragma once

#include <string>

namespace keepalive::core {

/// GET /v1/schema
std::string schema();

}  // namespace keepalive::core
