#include "core/vrrp/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace keepalive::core::vrrp {
namespace {

constexpr std::uint8_t most_but_owner = 254;
constexpr std::int64_t priorities = 256;

std::string spoken(Time time) { return fmt::format("{} ms", time.count() / 1000); }

}  // namespace

std::string_view to_string(State state) {
  constexpr std::array<std::string_view, 4> words{"stopped", "fault", "backup", "master"};
  return words[static_cast<std::size_t>(state)];
}

std::uint8_t Machine::priority() const { return lifted_ && !is_owner() ? most_but_owner : terms_.priority; }

Time Machine::skew() const {
  const Time unit = terms_.version == Version::v2 ? Time{std::chrono::seconds{1}} : master_interval_;
  return (priorities - priority()) * unit / priorities;
}

std::optional<Time> Machine::deadline() const {
  if (state_ == State::backup) return since_ + (master_left_ ? skew() : master_down());
  if (state_ == State::master) return since_ + terms_.interval;
  return std::nullopt;
}

Steps Machine::start(const std::string& fault, Time now) {
  if (state_ != State::stopped) return {};
  master_interval_ = terms_.interval;
  if (!fault.empty()) {
    state_ = State::fault;
    return {Enter{state_, fault}};
  }
  become_backup(now + terms_.start_delay);
  if (is_owner()) since_ -= master_down();  // it has nobody to listen to
  if (is_owner() && terms_.start_delay == Time{0}) return become_master("it owns the addresses", now);
  return {Enter{State::backup, "started"}};
}

Steps Machine::resume(const Past& past, Time now) {
  if (state_ != State::backup) return {};
  yielded_ = past.yielded;
  if (!past.master || now >= past.until) return {};
  return take_over("it was master before it was renewed", past.lifted, now);
}

Past Machine::past() const {
  return {.master = state_ == State::master,
          .lifted = lifted_,
          .yielded = yielded_,
          .until = since_ + patience_of_others()};
}

Steps Machine::stop(const std::string& cause) {
  Steps steps;
  if (state_ == State::master) steps.emplace_back(Say{leaving});
  if (state_ != State::stopped) steps.emplace_back(Enter{State::stopped, cause});
  state_ = State::stopped;
  lifted_ = yielded_ = false;
  return steps;
}

Steps Machine::set_fault(bool fault, const std::string& cause, Time now) {
  if (state_ == State::stopped || fault == (state_ == State::fault)) return {};
  Steps steps;
  if (state_ == State::master) steps.emplace_back(Say{leaving});
  if (fault) {
    state_ = State::fault;
    lifted_ = yielded_ = false;
  } else {
    master_interval_ = terms_.interval;
    become_backup(now);
    if (is_owner()) return become_master("it owns the addresses", now);
  }
  steps.emplace_back(Enter{state_, cause});
  return steps;
}

Steps Machine::hear(const Advertisement& heard, const ipvs::Address& source, Time now) {
  Steps steps = wake(now);
  const bool as_master = state_ == State::master;
  if (!as_master && state_ != State::backup) return steps;
  const Steps more = as_master ? hear_as_master(heard, source, now) : hear_as_backup(heard, now);
  steps.insert(steps.end(), more.begin(), more.end());
  return steps;
}

Steps Machine::wake(Time now) {
  const Time silence = now - since_;
  if (state_ != State::master || silence < patience_of_others()) return {};
  master_interval_ = terms_.interval;
  become_backup(now);
  return {Enter{State::backup, fmt::format("stalled for {}: another may be master", spoken(silence)), silence}};
}

/// Whether a master of lower priority is not waited for.
bool Machine::preempts(Time now) const {
  if (yielded_) return false;
  if (is_owner()) return true;  // RFC 9568 section 6.1: whatever Preempt_Mode says
  switch (terms_.failback.kind) {
    case Failback::Kind::immediate:
      return true;
    case Failback::Kind::never:
      return false;
    case Failback::Kind::when_synced:
      return lower_since_ && (terms_.synced || over_limit(now));
    case Failback::Kind::delayed:
      break;
  }
  return lower_since_ && now - *lower_since_ >= terms_.failback.delay;
}

std::optional<Time> Machine::unsynced() const {
  const bool waits = state_ == State::backup && !yielded_ && terms_.failback.kind == Failback::Kind::when_synced;
  return waits && !terms_.synced ? lower_since_ : std::nullopt;
}

bool Machine::over_limit(Time now) const {
  const auto since = unsynced();
  return since && terms_.failback.delay > Time{0} && now - *since >= terms_.failback.delay;
}

std::optional<Time> Machine::failback_at() const {
  const bool limited = unsynced() && terms_.failback.delay > Time{0};
  const bool waits =
      state_ == State::backup && !yielded_ && (limited || terms_.failback.kind == Failback::Kind::delayed);
  return waits && lower_since_ ? std::optional{*lower_since_ + terms_.failback.delay} : std::nullopt;
}

Steps Machine::hear_as_backup(const Advertisement& heard, Time now) {
  if (heard.priority == leaving && lost_tie_ && now - *lost_tie_ < terms_.interval) return since_ = now, Steps{};
  if (heard.priority == leaving) return lose_master(now), Steps{};
  const bool lower = heard.priority < priority();
  if (!lower)
    lower_since_.reset();
  else if (!lower_since_)
    lower_since_ = now;
  preempting_ = lower && preempts(now);
  if (preempting_) return {};
  master_interval_ = heard.interval;
  master_left_ = false;
  since_ = now;
  return {};
}

void Machine::lose_master(Time now) {
  if (state_ != State::backup || master_left_) return;
  since_ = now;
  master_left_ = true;
}

Steps Machine::hear_as_master(const Advertisement& heard, const ipvs::Address& source, Time now) {
  if (heard.priority == leaving) return say(now);
  const bool better = heard.priority > priority() || (heard.priority == priority() && source > terms_.source);
  if (!better) {
    Steps steps = say(now);
    steps.emplace_back(Rival{source, heard.priority});
    return steps;
  }
  master_interval_ = heard.interval;
  const std::string cause = fmt::format("{} advertises priority {}", to_string(source), heard.priority);
  const bool tie = heard.priority == priority();
  become_backup(now);
  // Its group loses it here, and may win it on another interface, so that both groups leave: then this one must not
  // come back at the same time as the other does.
  if (tie && terms_.decides_ties) lost_tie_ = now;
  return {Enter{State::backup, cause}};
}

Steps Machine::tick(Time now) {
  if (Steps steps = wake(now); !steps.empty()) return steps;
  const auto due = deadline();
  if (!due || now < *due) return {};
  if (state_ == State::backup) {
    // Whoever slept so long has not listened either.
    if (now - *due >= master_down()) {
      become_backup(now);
      return {};
    }
    return become_master(takeover_cause(now), now);
  }
  return say(now);
}

std::string Machine::takeover_cause(Time now) const {
  if (master_left_) return "the master has left";
  if (preempting_ && over_limit(now))
    return fmt::format("a lower priority is master; not synced, but failback = when-synced waits for {} at most",
                       spoken(terms_.failback.delay));
  if (preempting_ && terms_.failback.kind == Failback::Kind::when_synced) return "a lower priority is master; synced";
  return fmt::format("no advertisement for {}", spoken(now - since_));
}

Steps Machine::take_over(const std::string& cause, bool lifted, Time now) {
  if (state_ != State::backup) return {};
  lifted_ = lifted;
  return become_master(cause, now);
}

Steps Machine::yield(const std::string& cause, bool lastingly, Time now) {
  if (state_ != State::master) return {};
  master_interval_ = terms_.interval;  // whoever is next
  become_backup(now);
  yielded_ = lastingly;
  return {Say{leaving}, Enter{State::backup, cause}};
}

Steps Machine::become_master(const std::string& cause, Time now) {
  state_ = State::master;
  yielded_ = false;
  master_left_ = false;
  lower_since_.reset();
  preempting_ = false;
  since_ = now;
  return {Say{priority()}, Enter{State::master, cause}};
}

void Machine::become_backup(Time now) {
  state_ = State::backup;
  lost_tie_.reset();
  lifted_ = false;
  yielded_ = false;
  master_left_ = false;
  lower_since_.reset();
  preempting_ = false;
  since_ = now;
}

/// Our turn: the next one is due an interval after this one was, so that lateness does not add up.
Steps Machine::say(Time now) {
  const Time due = since_ + terms_.interval;
  since_ = now >= due && now - due < terms_.interval / 2 ? due : now;
  return {Say{priority()}};
}

}  // namespace keepalive::core::vrrp
