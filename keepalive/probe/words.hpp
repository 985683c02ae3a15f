// Words of foreign text.
#pragma once

#include <algorithm>
#include <cctype>
#include <string_view>

namespace keepalive::probe {

/// Without these at both ends.
inline std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Whatever the case of their letters.
inline bool same_word(std::string_view one, std::string_view other) {
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  return std::ranges::equal(one, other, {}, lower, lower);
}

}  // namespace keepalive::probe
