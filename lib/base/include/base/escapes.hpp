// Percent escapes of paths and queries (RFC 3986, section 2.1), and lists in queries.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace base {

/// "web%2Fb" is web/b. Nothing: not well escaped.
std::optional<std::string> unescaped(std::string_view text);

/// Letters, digits and what is in `kept` stay as they are.
std::string escaped(std::string_view text, std::string_view kept = "-._~");

/// "a,b": a and b; "": none. The first `most` of them.
std::set<std::string, std::less<>> listed(std::string_view text,
                                          std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace base
