#include "base/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace base {
namespace {

constexpr std::size_t longest_shown = 200;

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, change});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string render(const Diagnostic& diagnostic) {
  const Position& at = diagnostic.position;
  if (at.line == 0) return fmt::format("{}: error: {}\n", at.file, diagnostic.text);
  std::string text = fmt::format("{}:{}:{}: error: {}\n", at.file, at.line, at.column, diagnostic.text);
  if (diagnostic.source.size() > longest_shown || at.column == 0) return text;
  std::string caret;
  for (std::size_t i = 0; i + 1 < at.column && i < diagnostic.source.size(); ++i)
    caret += diagnostic.source[i] == '\t' ? '\t' : ' ';
  return text + fmt::format("  {}\n  {}^\n", diagnostic.source, caret);
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
    if (one.size() > word.size() + least || word.size() > one.size() + least) continue;
    if (const std::size_t far = distance(word, one); far < least) {
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
