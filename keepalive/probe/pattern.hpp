// A regular expression on foreign text: PCRE2, with limits on the work that a hostile text may cause.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct pcre2_real_code_8;

namespace keepalive::probe {

class Pattern {
 public:
  explicit Pattern(std::string_view text);

  /// Not empty: the text is no regular expression.
  const std::string& fault() const { return fault_; }
  const std::string& text() const { return text_; }
  bool matches(std::string_view subject) const;

 private:
  std::string text_;
  std::string fault_ = "";
  std::shared_ptr<pcre2_real_code_8> code_ = nullptr;
};

}  // namespace keepalive::probe
