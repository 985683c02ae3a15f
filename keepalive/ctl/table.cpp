#include "table.hpp"

#include <algorithm>
#include <array>

namespace keepalive::ctl {
namespace {

/// Characters, not bytes; wide ones count as one.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

std::string line(const std::vector<Column>& columns, const std::vector<std::size_t>& widths,
                 const std::vector<Cell>& row, Style style) {
  std::string text;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string blanks(widths[i] - width(row[i].text), ' ');
    const std::string cell = painted(row[i].text, row[i].colour, style);
    if (i > 0) text += "  ";
    text += columns[i].right ? blanks + cell : cell + blanks;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

}  // namespace

std::string table(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows, Style style) {
  std::vector<Cell> heads;
  std::vector<std::size_t> widths;
  for (const Column& column : columns) {
    heads.push_back({std::string{column.head}, Colour::faint});
    widths.push_back(width(column.head));
  }
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i].text));
  std::string text = line(columns, widths, heads, style);
  for (const auto& row : rows) text += line(columns, widths, row, style);
  return text;
}

void append_note(std::string& note, std::string_view more) {
  if (more.empty()) return;
  if (!note.empty()) note += "; ";
  note += more;
}

std::string painted(std::string_view text, Colour colour, Style style) {
  constexpr std::array<std::string_view, 5> codes{"", "\033[32m", "\033[31m", "\033[33m", "\033[2m"};
  if (style == Style::plain || colour == Colour::none || text.empty()) return std::string{text};
  return std::string{codes.at(static_cast<std::size_t>(colour))}.append(text).append("\033[0m");
}

std::string harmless(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (c == 0xC2 && next >= 0x80 && next < 0xA0) {  // C1: some terminals obey those too
      out += '?';
      ++i;
    } else {
      out += c < 0x20 || c == 0x7F ? '?' : text[i];
    }
  }
  return out;
}

}  // namespace keepalive::ctl
