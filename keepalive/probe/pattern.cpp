#define PCRE2_CODE_UNIT_WIDTH 8
#include "probe/pattern.hpp"

#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace keepalive::probe {
namespace {

constexpr std::uint32_t most_steps = 200'000;
constexpr std::uint32_t most_depth = 10'000;
constexpr std::uint32_t most_heap = 4096;  // KiB

constexpr std::size_t most_between = 1U << 22U;  // characters that may be read between two looks at the clock

std::chrono::nanoseconds processor_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

/// Ends a match that takes too long. PCRE2 asks it between two items of the expression; an item reads the text once
/// at most.
class Watch {
 public:
  Watch(std::size_t size, Effort& effort)
      : patience_{std::max<std::size_t>(most_between / (size + 1), 1)}, begin_{processor_time()}, effort_{effort} {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { effort_.left -= processor_time() - begin_; }

  static int ask(pcre2_callout_block* /*where*/, void* self) {
    auto& watch = *static_cast<Watch*>(self);
    if (++watch.asked_ % watch.patience_ != 0) return 0;
    return processor_time() - watch.begin_ > watch.effort_.left ? PCRE2_ERROR_CALLOUT : 0;
  }

 private:
  std::size_t patience_;
  std::size_t asked_ = 0;
  std::chrono::nanoseconds begin_;
  Effort& effort_;
};

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
  code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), PCRE2_AUTO_CALLOUT, &error, &offset,
                            nullptr),
              pcre2_code_free);
  if (code_ != nullptr) return;
  std::array<PCRE2_UCHAR, 120> words{};
  pcre2_get_error_message(error, words.data(), words.size());
  fault_ = fmt::format("no regular expression: `{}': {} at {}", text, reinterpret_cast<const char*>(words.data()),
                       offset + 1);
}

Match Pattern::look(std::string_view subject, Effort& effort) const {
  thread_local const Matcher matcher;
  if (code_ == nullptr) return Match::no;
  if (effort.left.count() <= 0) return Match::too_costly;
  Watch watch{subject.size(), effort};
  pcre2_set_callout(matcher.context, &Watch::ask, &watch);
  const int found = pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), 0, 0,
                                matcher.data, matcher.context);
  if (found >= 0) return Match::yes;
  return found == PCRE2_ERROR_NOMATCH ? Match::no : Match::too_costly;
}

}  // namespace keepalive::probe
