// Text in aligned columns, coloured where the reader is a person at a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keepalive::ctl {

enum class Colour : std::uint8_t { none, good, bad, odd, faint };
enum class Style : std::uint8_t { plain, coloured };

struct Cell {
  std::string text = "";
  Colour colour = Colour::none;
};

struct Column {
  std::string_view head = "";
  bool right = false;  // numbers
};

/// The last column is as wide as it needs. Rows may be shorter than the columns.
std::string table(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows, Style style);

/// A further remark: "one; another". Nothing of an empty one.
void append_note(std::string& note, std::string_view more);

std::string painted(std::string_view text, Colour colour, Style style);
/// What others sent cannot command a terminal: control characters become `?'.
std::string harmless(std::string_view text);

}  // namespace keepalive::ctl
