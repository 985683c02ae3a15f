// Faults of a text, as a person mends them: file, line, column, the line itself, a caret, and a suggestion.
//
//   keepalive.conf:7:13: error: no check is called `web-okk'; did you mean `web-ok'?
//   check    = web-okk
//              ^
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// A name that many positions share.
class FileName {
 public:
  FileName() = default;
  FileName(std::string name);
  FileName(const char* name);

  std::string_view text() const { return name_ ? std::string_view{*name_} : std::string_view{}; }
  friend bool operator==(const FileName& a, const FileName& b) { return a.text() == b.text(); }
  friend auto operator<=>(const FileName& a, const FileName& b) { return a.text() <=> b.text(); }

 private:
  std::shared_ptr<const std::string> name_ = nullptr;
};

/// Counted from 1; 0: unknown.
struct Position {
  FileName file = {};
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend bool operator==(const Position&, const Position&) = default;
};

struct Diagnostic {
  Position position = {};
  std::string text = "";
  std::string source = "";  // the line
  enum class Kind : std::uint8_t { error, warning } kind = Kind::error;

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// The three lines above, or one when the position has no line.
std::string render(const Diagnostic& diagnostic);
std::string render(std::span<const Diagnostic> diagnostics);

/// The other one of `known` that `word` was most likely meant to be; empty: none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);
/// "; did you mean `x'?" or nothing.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

}  // namespace base
