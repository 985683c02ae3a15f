#include "base/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace base {
namespace {

constexpr std::size_t longest_shown = 200;  // of a line

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Levenshtein's distance; two neighbours that changed places count once, capitals not at all.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    const std::vector<std::size_t> before = std::exchange(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto same = [&](std::size_t x, std::size_t y) { return folded(a[x - 1]) == folded(b[y - 1]); };
      row[j] = std::min({row[j - 1] + 1, above[j] + 1, above[j - 1] + (same(i, j) ? 0 : 1)});
      if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j)) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

/// Lines are shown on terminals, which obey control characters.
std::string harmless(std::string_view text) {
  std::string plain{text};
  for (char& c : plain)
    if ((static_cast<unsigned char>(c) < 32 && c != '\t') || c == '\x7f') c = '?';
  return plain;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }  // UTF-8

/// The line, or so much of it around the column, and the caret below.
std::string excerpt(std::string_view line, std::size_t column) {
  std::size_t start = line.size() > longest_shown && column > longest_shown / 2 ? column - longest_shown / 2 : 0;
  while (start < line.size() && continues(line[start])) ++start;
  const std::string shown = harmless(line.substr(std::min(start, line.size()), longest_shown));
  std::string caret;
  for (std::size_t i = 0; start + i + 1 < column && i < shown.size(); ++i)
    if (!continues(shown[i])) caret += shown[i] == '\t' ? '\t' : ' ';
  return fmt::format("  {}\n  {}^\n", shown, caret);
}

}  // namespace

// Not inline: g++ 12 would warn of values that may not be there.
FileName::FileName(std::string name) : name_{std::make_shared<const std::string>(std::move(name))} {}
FileName::FileName(const char* name) : FileName{std::string{name}} {}

std::string render(const Diagnostic& diagnostic) {
  const Position& at = diagnostic.position;
  const std::string_view kind = diagnostic.kind == Diagnostic::Kind::error ? "error" : "warning";
  if (at.line == 0) return fmt::format("{}: {}: {}\n", at.file.text(), kind, diagnostic.text);
  return fmt::format("{}:{}:{}: {}: {}\n", at.file.text(), at.line, at.column, kind, diagnostic.text) +
         excerpt(diagnostic.source, at.column);
}

std::string render(std::span<const Diagnostic> diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += render(diagnostic);
  return text;
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view one : known) {
    if (one == word) continue;
    if (one.size() > word.size() + least || word.size() > one.size() + least) continue;
    // Words that share no letter are not near, however short.
    if (const std::size_t far = distance(word, one); far < least && far < std::max(word.size(), one.size())) {
      least = far;
      best = one;
    }
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
  const std::string_view best = nearest(word, known);
  return best.empty() ? std::string{} : fmt::format("; did you mean `{}'?", best);
}

}  // namespace base
