// One virtual router, RFC 9568 section 6.4 (and RFC 3768's for version 2), as a value that knows nothing of sockets.
//
//              start            nothing heard in time, or told to
//   stopped ----------> backup ------------------------------> master
//                       ^  ^ <------------------------------     |
//            no fault   |  |    a better one heard, or told to   |
//                     fault <------------- a fault --------------+
//
// What it says of its peers' clocks it computes in microseconds: only the wire has hundredths of a second.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/vrrp.hpp"
#include "core/vrrp/packet.hpp"

namespace keepalive::core::vrrp {

/// What a machine was, for its successor on this host.
struct Past {
  bool master = false;
  bool lifted = false;
  bool yielded = false;
  Time until{0};  // then another router may be master

  friend bool operator==(const Past&, const Past&) = default;
};

enum class State : std::uint8_t { stopped, fault, backup, master };
std::string_view to_string(State state);

/// Send an advertisement now.
struct Say {
  std::uint8_t priority = 0;

  friend bool operator==(const Say&, const Say&) = default;
};
/// The state is another one; `cause`: in words.
struct Enter {
  State state = State::stopped;
  std::string cause = "";
  Time slept{0};  // so long it was silent as master: another may be it since

  friend bool operator==(const Enter&, const Enter&) = default;
};
/// Another router calls itself master: neighbours may have learnt it.
struct Rival {
  ipvs::Address source = {};
  std::uint8_t priority = 0;

  friend bool operator==(const Rival&, const Rival&) = default;
};
using Step = std::variant<Say, Enter, Rival>;
/// In the order in which they must happen.
using Steps = std::vector<Step>;

/// What the configuration says of it.
struct Terms {
  std::uint8_t priority = 100;
  Version version = Version::v3;
  Time interval{std::chrono::seconds{1}};
  std::uint32_t down_after = 3;
  Failback failback = {};
  Time start_delay{0};
  ipvs::Address source = {};  // breaks ties
  bool synced = false;        // it has the connections of the others
  bool decides_ties = false;  // of its group, where ties may be broken otherwise elsewhere

  friend bool operator==(const Terms&, const Terms&) = default;
};

class Machine {
 public:
  explicit Machine(const Terms& terms) : terms_{terms}, master_interval_{terms.interval} {}

  /// Other terms count from the next advertisement; state and timers go on.
  void set(const Terms& terms) { terms_ = terms; }

  /// `fault`: why it cannot work yet; empty: it can.
  Steps start(const std::string& fault, Time now);
  /// Ends it; a master says that it leaves.
  Steps stop(const std::string& cause);
  /// Just started: goes on as a predecessor on this host did.
  Steps resume(const Past& past, Time now);
  /// What a successor has to know.
  Past past() const;
  /// Fault or none, as often as one likes.
  Steps set_fault(bool fault, const std::string& cause, Time now);
  Steps hear(const Advertisement& heard, const ipvs::Address& source, Time now);
  /// A backup learns that the master leaves, as by priority 0.
  void lose_master(Time now);
  /// Before anything else: a master that was silent for so long that others may be master listens first.
  Steps wake(Time now);
  /// Nothing to hear came in before: what is due by the clock.
  Steps tick(Time now);
  /// Becomes master at once. `lifted`: with the highest priority that is no owner's, until it is master no more.
  Steps take_over(const std::string& cause, bool lifted, Time now);
  /// A master says that it leaves. `lastingly`: it does not take over again while it hears another.
  Steps yield(const std::string& cause, bool lastingly, Time now);

  State state() const { return state_; }
  bool lifted() const { return lifted_; }
  bool yielded() const { return yielded_; }
  bool master_left() const { return master_left_; }
  std::optional<Time> deadline() const;
  /// What it advertises.
  std::uint8_t priority() const;
  /// RFC 9568 section 6.1: how long a backup waits, from what the master says of its interval.
  Time skew() const;
  Time master_down() const { return terms_.down_after * master_interval_ + skew(); }
  /// After so long without a word from us another router may be master.
  Time patience_of_others() const { return terms_.down_after * terms_.interval; }
  /// When it takes over from the master of lower priority that it hears, as far as that is a matter of time alone.
  std::optional<Time> failback_at() const;
  /// It would take over from the master of lower priority that it hears, were it synced: since then.
  std::optional<Time> unsynced() const;
  /// It takes over from a master of lower priority although it is not synced: it has waited for the limit.
  bool over_limit(Time now) const;
  Time master_interval() const { return master_interval_; }

 private:
  bool is_owner() const { return terms_.priority == owner; }
  bool preempts(Time now) const;
  Steps become_master(const std::string& cause, Time now);
  void become_backup(Time now);
  Steps hear_as_backup(const Advertisement& heard, Time now);
  Steps hear_as_master(const Advertisement& heard, const ipvs::Address& source, Time now);
  Steps say(Time now);
  std::string takeover_cause(Time now) const;

  Terms terms_;
  State state_ = State::stopped;
  Time master_interval_;
  Time since_{0};             // backup: the master's last word; master: ours
  bool master_left_ = false;  // it said so: the skew is enough
  bool lifted_ = false;
  bool yielded_ = false;
  std::optional<Time> lower_since_ = std::nullopt;  // one of lower priority is master
  bool preempting_ = false;                         // and is not waited for any more
  std::optional<Time> lost_tie_ = std::nullopt;     // since it is backup
};

}  // namespace keepalive::core::vrrp
