// Words of foreign text.
#pragma once

#include <algorithm>
#include <cctype>
#include <string_view>

namespace keepalive::probe {

/// Whatever the case of their letters.
inline bool same_word(std::string_view one, std::string_view other) {
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  return std::ranges::equal(one, other, {}, lower, lower);
}

}  // namespace keepalive::probe
