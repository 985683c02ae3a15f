// One heartbeat line's end: whom it believes, when it speaks, and since when it is silent.
//
// A word counts if its seal is by our key, it says the epoch that this end drew at its start, and it is later than all
// that was heard of the other end's epoch. So what was recorded earlier is worth nothing, and a peer that starts anew
// is believed as soon as it has heard us:
//
//   we (epoch 7)                       peer that has just started (epoch 9)
//     epoch 7 echo 3  ---------------->  refused: echo; 7 is the next to be told
//                     <----------------  epoch 9 echo 7: taken; 3 is never taken again
//     epoch 7 echo 9  ---------------->  taken
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/heartbeat.hpp"
#include "core/vrrp/heartbeat.hpp"

namespace keepalive::core::vrrp {

class Line {
 public:
  struct Counts {
    std::uint64_t sent = 0;
    std::uint64_t heard = 0;
    std::array<std::uint64_t, refusals> refused = {};

    friend bool operator==(const Counts&, const Counts&) = default;
  };

  /// `epoch`: never used before, not 0.
  Line(Heartbeat setting, std::uint64_t epoch, Time now)
      : setting_{std::move(setting)}, epoch_{epoch}, since_{now}, due_{now} {}

  /// A datagram, or what a serial line gave. Returns what is believed. `node`: our own.
  std::vector<Beat> hear(std::string_view bytes, std::uint64_t node, Time now);
  /// Says `beat`, whose epoch and echo are filled in here: what to send, often nothing but one datagram.
  /// `interval`: from one word to the next, where the line is fast enough.
  std::vector<std::string> speak(Beat beat, Time interval, Time now);
  /// The next word is due as soon as the line is free.
  void hurry(Time now) { due_ = std::min(due_, std::max(now, free_)); }
  /// Silent for too long? True once, as it becomes so.
  bool falls_silent(Time now);
  /// Nothing was listened to for so long: it is no silence.
  void forgive(Time slept) { heard_ += slept; }

  const Heartbeat& setting() const { return setting_; }
  bool up() const { return up_; }
  Time since() const { return since_; }  // it is up, or is not
  Time heard() const { return heard_; }
  Time silent_at() const { return heard_ + patience_; }
  Time due() const { return due_; }
  const std::optional<Beat>& last() const { return last_; }
  const Counts& counts() const { return counts_; }

 private:
  std::optional<Beat> take(const std::string& datagram, std::uint64_t node, Time now);
  std::optional<Refusal> objection(const Beat& beat, std::uint64_t node) const;
  void meet(std::uint64_t epoch);
  Time time_on_wire(std::size_t bytes) const;

  Heartbeat setting_;
  std::uint64_t epoch_;
  std::uint64_t peer_ = 0;               // the epoch that is believed; 0: none yet
  std::uint64_t candidate_ = 0;          // one that does not know ours yet
  std::deque<std::uint64_t> past_ = {};  // of the peer: never believed again
  std::optional<Beat> last_ = std::nullopt;
  Deframer deframer_ = {};
  bool up_ = false;
  Time since_;
  Time heard_{0};
  Time patience_{0};
  Time due_;
  Time free_{0};  // from when on the wire has room
  Counts counts_ = {};
};

}  // namespace keepalive::core::vrrp
