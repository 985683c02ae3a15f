// Whether a regular expression is one: told where it is written, not when it is first needed.
#pragma once

#include <string>
#include <string_view>

namespace keepalive::config {

/// What PCRE2 says of it, and where; empty: it is good.
std::string regex_fault(std::string_view text);

}  // namespace keepalive::config
