// A regular expression on foreign text: PCRE2, with limits on the work that a hostile text may cause. PCRE2's own limits
// count anew at every place where a match may start, and repeats of one character not at all: beside them there is
// a limit on time, which is looked at between the items of the expression.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct pcre2_real_code_8;

namespace keepalive::probe {

/// Processor time that all looks at one answer may take together.
struct Effort {
  std::chrono::nanoseconds left = std::chrono::milliseconds{50};
};

enum class Match : std::uint8_t { no, yes, too_costly };

class Pattern {
 public:
  explicit Pattern(std::string_view text);

  /// Not empty: the text is no regular expression.
  const std::string& fault() const { return fault_; }
  const std::string& text() const { return text_; }
  Match look(std::string_view subject, Effort& effort) const;

 private:
  std::string text_;
  std::string fault_ = "";
  std::shared_ptr<pcre2_real_code_8> code_ = nullptr;
};

}  // namespace keepalive::probe
