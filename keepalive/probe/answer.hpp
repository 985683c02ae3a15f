// Judges of what a server sends: the text that a tcp check waits for, and the body of an HTTP answer. Both look at
// no more than the check's body_limit.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "probe/probe.hpp"

struct evp_md_ctx_st;

namespace keepalive::probe {

/// Text that comes in pieces until it matches `expect`.
class Expectation {
 public:
  Found take(const Plan& plan, std::string_view piece);
  /// The server has nothing more to say, or no time.
  Finding end(const Plan& plan);
  bool empty() const { return text_.empty(); }

 private:
  std::string text_ = "";
  Effort effort_ = {};
  std::size_t next_look_ = 0;  // looks at each byte a bounded number of times, however small the pieces are
};

/// A body: its length, digest and patterns.
class Body {
 public:
  explicit Body(const Plan& plan);
  Found take(const Plan& plan, std::string_view piece);
  /// What is wrong with the whole.
  Found end(const Plan& plan);

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::uint64_t length_ = 0;
  std::string text_ = "";  // what patterns look at
  Effort effort_ = {};
  std::unique_ptr<evp_md_ctx_st, Free> digest_ = nullptr;
};

/// What a pattern says that must match.
Finding judge_match(const Plan& plan, std::string_view answer, Match match);
Finding too_costly(const Pattern& pattern);
Finding mismatch(const Plan& plan, std::string_view answer);
Finding too_long(const Check& check);
/// Nothing: the status is one of those wanted.
Found judge_status(const Check& check, int status);

}  // namespace keepalive::probe
