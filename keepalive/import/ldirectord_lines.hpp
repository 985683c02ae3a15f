// ldirectord.cf as statements: "key = value", those of a virtual service inside it.
#pragma once

#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/diagnostics.hpp"
#include "import/tree.hpp"

namespace keepalive::import {

/// Two words each, the key and its value. Errors: a line that is neither, an option without a service.
tl::expected<std::vector<Node>, base::Diagnostic> read_ldirectord(std::string_view file, std::string_view text);

}  // namespace keepalive::import
