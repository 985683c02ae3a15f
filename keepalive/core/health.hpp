// Rise and fall: `fall` failures in a row take a server down, `rise` successes bring it up. The first
// verdict of all decides by itself when good; bad ones count from the start as ever.
#pragma once

#include <cstdint>

#include "core/verdict.hpp"

namespace keepalive::core {

struct Dampening {
  std::uint32_t rise = 1;
  std::uint32_t fall = 1;

  friend bool operator==(const Dampening&, const Dampening&) = default;
};

class Health {
 public:
  Health() = default;
  /// Goes on from a state that is known already: after a reload, or when the prober was restarted.
  explicit Health(State state) : state_{state} {}

  /// True when the state changed.
  bool take(bool good, Dampening dampening);
  State state() const { return state_; }
  /// Verdicts in a row that disagree with the state; while unknown, failures.
  std::uint32_t against() const { return against_; }

 private:
  State state_ = State::unknown;
  std::uint32_t against_ = 0;
};

}  // namespace keepalive::core
