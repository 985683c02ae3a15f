// How long a prober may be silent. Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/event.hpp"

namespace keepalive::core {

/// Who is started anew is given twice the time, up to 48 s, until it has run for a minute: a machine that has no time for
/// it has none for another start.
class ProberWatch {
 public:
  void start(Time now) { heard_ = started_ = now; }
  void hear(Time now) {
    if (!heard_) return;
    heard_ = now;
    if (now - started_ > calm) patience_ = shortest;
  }
  void end() { heard_.reset(); }
  void give_up() {
    heard_.reset();
    patience_ = std::min(2 * patience_, longest);
  }
  bool is_silent(Time now) const { return heard_ && now - *heard_ > patience_; }

 private:
  static constexpr Time shortest = std::chrono::seconds{6};
  static constexpr Time longest = std::chrono::seconds{48};
  static constexpr Time calm = std::chrono::seconds{60};

  std::optional<Time> heard_ = {};  // its last word, while it runs
  Time started_ = {};
  Time patience_ = shortest;
};

}  // namespace keepalive::core
