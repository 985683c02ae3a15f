// Percent escapes of paths and queries (RFC 3986, section 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace base {

/// "web%2Fb" is web/b. Nothing: not well escaped.
std::optional<std::string> unescaped(std::string_view text);

/// Letters, digits and what is in `kept` stay as they are.
std::string escaped(std::string_view text, std::string_view kept = "-._~");

}  // namespace base
