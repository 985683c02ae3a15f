#include "import/text.hpp"

#include <array>
#include <cstddef>
#include <utility>

#include "base/text.hpp"

namespace keepalive::import {
namespace {

constexpr std::size_t most_patterns = 1000;

bool blank(char c) { return blanks.find(c) != std::string_view::npos; }

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

/// The number at the text's start, of at most `most` digits, which are taken away.
unsigned take_digits(std::string_view& text, int base, std::size_t most) {
  unsigned number = 0;
  for (; most > 0 && !text.empty() && digit(text.front()) < base; --most, text.remove_prefix(1))
    number = number * static_cast<unsigned>(base) + static_cast<unsigned>(digit(text.front()));
  return number;
}

/// What stands behind a backslash, as one character; it is taken away.
char take_escape(std::string_view& text) {
  constexpr std::string_view letters = "abEfnrtv";
  constexpr std::string_view bytes = "\a\b\x1b\f\n\r\t\v";
  const char c = text.front();
  if (digit(c) < 8) return static_cast<char>(take_digits(text, 8, 3));
  text.remove_prefix(1);
  if (const std::size_t place = letters.find(c); place != std::string_view::npos) return bytes[place];
  if (c == 'x') return static_cast<char>(take_digits(text, 16, text.size()));
  if (c != 'c' || text.empty()) return c;
  const char control = text.front();
  text.remove_prefix(1);
  return static_cast<char>(static_cast<unsigned char>(control) & 31U);
}

std::optional<std::vector<std::string>> words(std::string_view text, std::string_view quotes, bool escapes) {
  std::vector<std::string> list;
  char quote = 0;
  bool open = false;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (quote == 0 && blank(c)) {
      open = false;
      continue;
    }
    if (!open) list.emplace_back();
    open = true;
    if (escapes && c == '\\' && !text.empty())
      list.back() += take_escape(text);
    else if (quote != 0 ? c == quote : quotes.find(c) != std::string_view::npos)
      quote = quote != 0 ? '\0' : c;
    else
      list.back() += c;
  }
  if (quote != 0) return std::nullopt;
  return list;
}

/// The matching brace, and the commas at its level. Nothing: there is none.
std::optional<std::vector<std::size_t>> find_group(std::string_view text, std::size_t open) {
  std::vector<std::size_t> marks = {open};
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == ',' && depth == 1) marks.push_back(i);
    if (text[i] != '}' || --depth > 0) continue;
    marks.push_back(i);
    return marks;
  }
  return std::nullopt;
}

}  // namespace

std::string_view trimmed(std::string_view text) { return base::trimmed(text, blanks); }

std::optional<std::vector<std::string>> plain_words(std::string_view text) { return words(text, "\"", false); }

std::optional<std::vector<std::string>> escaped_words(std::string_view text) { return words(text, "\"'", true); }

std::string shown(std::string_view text, std::size_t longest) {
  std::string line;
  for (const char c : text.substr(0, longest)) line += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? ' ' : c;
  return text.size() > longest ? line + "…" : line;
}

std::vector<std::string> list_items(std::string_view text) {
  std::vector<std::string> list;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (c == '{') ++depth;
    if (c == '}') --depth;
    if (c != ',' || (depth > 0 && i < text.size())) continue;
    list.emplace_back(trimmed(text.substr(start, i - start)));
    start = i + 1;
  }
  return list;
}

std::optional<std::vector<std::string>> brace_expanded(std::string_view pattern) {
  std::vector<std::string> done;
  std::vector<std::string> open = {std::string{pattern}};
  while (!open.empty()) {
    const std::string one = std::move(open.back());
    open.pop_back();
    const std::size_t brace = one.find('{');
    const auto marks = brace == std::string::npos ? std::nullopt : find_group(one, brace);
    if (!marks) {
      done.push_back(one);
      continue;
    }
    if (open.size() + done.size() + marks->size() > most_patterns) return std::nullopt;
    for (std::size_t i = marks->size() - 1; i > 0; --i)
      open.push_back(one.substr(0, brace) + one.substr((*marks)[i - 1] + 1, (*marks)[i] - (*marks)[i - 1] - 1) +
                     one.substr(marks->back() + 1));
  }
  return done;
}

}  // namespace keepalive::import
