// Small things that every reader of text needs: whole numbers, blanks at the ends, the folder of a path.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace base {

/// The whole text as a number: digits only, with a minus in front where the type has a sign. Nothing: it is no such
/// number, or beyond the type.
template <class Number>
std::optional<Number> read_number(std::string_view text, int radix = 10) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, radix);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

/// Without blanks at either end: a part of `text`, even if it is empty.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t");

/// What a file holds that somebody wrote for its one line: without blanks and line ends behind it.
std::string without_end(std::string text);

/// A path up to its last slash, with it; empty: it has none.
std::string folder_of(std::string_view path);

}  // namespace base
