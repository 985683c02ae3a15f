#define PCRE2_CODE_UNIT_WIDTH 8
#include "probe/pattern.hpp"

#include <fmt/format.h>
#include <pcre2.h>

#include <array>

namespace keepalive::probe {
namespace {

constexpr std::uint32_t most_steps = 200'000;  // some 10 ms
constexpr std::uint32_t most_depth = 10'000;
constexpr std::uint32_t most_heap = 4096;  // KiB

struct Matcher {
  Matcher() {
    pcre2_set_match_limit(context, most_steps);
    pcre2_set_depth_limit(context, most_depth);
    pcre2_set_heap_limit(context, most_heap);
  }
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;
  ~Matcher() {
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
  }
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
  pcre2_match_data* data = pcre2_match_data_create(1, nullptr);
};

}  // namespace

Pattern::Pattern(std::string_view text) : text_{text} {
  int error = 0;
  std::size_t offset = 0;
  code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, &error, &offset, nullptr),
              pcre2_code_free);
  if (code_ != nullptr) return;
  std::array<PCRE2_UCHAR, 120> words{};
  pcre2_get_error_message(error, words.data(), words.size());
  fault_ = fmt::format("no regular expression: `{}': {} at {}", text, reinterpret_cast<const char*>(words.data()),
                       offset + 1);
}

bool Pattern::matches(std::string_view subject) const {
  thread_local const Matcher matcher;
  if (code_ == nullptr) return false;
  return pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), 0, 0, matcher.data,
                     matcher.context) >= 0;
}

}  // namespace keepalive::probe
