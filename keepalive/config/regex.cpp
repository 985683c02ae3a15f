#include "config/regex.hpp"

#include <fmt/format.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <memory>

namespace keepalive::config {

std::string regex_fault(std::string_view text) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  const std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)> code{
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, &error, &offset, nullptr),
      pcre2_code_free};
  if (code) return {};
  std::array<PCRE2_UCHAR, 256> words{};
  pcre2_get_error_message(error, words.data(), words.size());
  return fmt::format("is no regular expression: {} (after {} letters)", reinterpret_cast<const char*>(words.data()),
                     offset);
}

}  // namespace keepalive::config
