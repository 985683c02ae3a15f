#include "core/json.hpp"

#include <algorithm>

namespace keepalive::core {
namespace {

unsigned byte(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

/// Length of the UTF-8 sequence (RFC 3629) that starts at `at`; 0: there is none.
std::size_t sequence(std::string_view text, std::size_t at) {
  const unsigned first = byte(text, at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : 4;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(text, at + i) & 0xC0U) != 0x80) return 0;
  const unsigned second = byte(text, at + 1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second >= 0xA0;
  const bool beyond = first == 0xF4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

bool plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F && c != '"' && c != '\\';
}

void escape(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"':
    case '\\':
      out.append(1, '\\').append(1, c);
      break;
    case '\n':
      out += "\\n";
      break;
    case '\t':
      out += "\\t";
      break;
    case '\r':
      out += "\\r";
      break;
    default:
      out.append("\\u00").append(1, digits[static_cast<unsigned char>(c) >> 4U]).append(1, digits[c & 0xF]);
  }
}

}  // namespace

void Json::value(std::string_view content) {
  comma();
  text_ += '"';
  for (std::size_t i = 0; i < content.size();) {
    std::size_t end = i;
    while (end < content.size() && plain(content[end])) ++end;
    text_.append(content, i, end - i);
    i = end;
    if (i == content.size()) break;
    const std::size_t length = sequence(content, i);
    if (length == 1)
      escape(text_, content[i]);
    else if (length == 0)
      text_ += "\xEF\xBF\xBD";
    else
      text_.append(content, i, length);
    i += std::max<std::size_t>(length, 1);
  }
  text_ += '"';
}

}  // namespace keepalive::core
