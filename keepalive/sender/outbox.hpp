// Letters in their order: one is under way at a time, one that could not go is tried again after 5 s, doubling to 5 min.
// When too many wait the oldest is given up and counted.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "core/verdict.hpp"
#include "sender/letter.hpp"

namespace keepalive::sender {

using core::Time;

/// How an attempt to send ended.
enum class Attempt { sent, failed, refused };  // refused: it will never be taken

class Outbox {
 public:
  explicit Outbox(std::size_t most) : most_{most} {}

  void put(Letter letter);
  /// The letter to send now, if there is one and its time has come; then `done` must follow.
  const Letter* begin(Time now);
  void done(Attempt attempt, Time now);
  /// Forgets everything that is not under way.
  void clear();

  bool under_way() const { return under_way_; }
  bool empty() const { return letters_.empty(); }
  bool failing() const { return pause_ != Time{0}; }
  std::size_t lost() const { return lost_; }
  std::optional<Time> deadline() const;

 private:
  std::size_t most_;
  std::deque<Letter> letters_ = {};
  bool under_way_ = false;  // the first
  std::size_t lost_ = 0;    // since the last that went out
  Time pause_{0};
  Time next_{0};
};

}  // namespace keepalive::sender
