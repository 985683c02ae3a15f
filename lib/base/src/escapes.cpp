#include "base/escapes.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace base {

std::optional<std::string> unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    const auto value = digits.size() == 2 ? read_number<std::uint8_t>(digits, 16) : std::nullopt;
    if (!value) return std::nullopt;
    plain += static_cast<char>(*value);
    i += 2;
  }
  return plain;
}

std::string escaped(std::string_view text, std::string_view kept) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto plain = [kept](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kept.find(c) != kept.npos;
  };
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain(c))
      result += c;
    else
      result.append(1, '%').append(1, digits[byte >> 4U]).append(1, digits[byte & 0xFU]);
  }
  return result;
}

std::set<std::string, std::less<>> listed(std::string_view text, std::size_t most) {
  std::set<std::string, std::less<>> all;
  while (!text.empty() && all.size() < most) {
    const std::size_t end = std::min(text.find(','), text.size());
    all.emplace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

}  // namespace base
