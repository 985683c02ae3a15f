#include "core/rules.hpp"

#include <utility>

#include "core/ruleset.hpp"

namespace keepalive::core {
namespace {

constexpr Time retry_after = std::chrono::seconds{5};

}  // namespace

void Rules::load(const Config& config, Time now) {
  const bool first = !std::exchange(loaded_, true);
  interval_ = config.global.drift_interval;
  repairs_ = config.global.drift == Drift::repair;
  std::string text = ruleset(config, instance_);
  if (text == wanted_ && !first && !drift_) return;
  dirty_ = text != wanted_ || drift_;
  wanted_ = std::move(text);
  next_ = now;
}

bool Rules::differ(const Config& config) const { return ruleset(config, instance_) != wanted_; }

std::optional<Action> Rules::due(Time now) {
  if (busy_ || !next_ || *next_ > now) return std::nullopt;
  next_.reset();
  busy_ = true;
  if (!dirty_) return LookForRules{rules_table(instance_)};
  on_its_way_ = wanted_;
  return WriteRules{wanted_.empty() ? no_ruleset(instance_) : wanted_};
}

Rules::News Rules::take(const RulesDone& done, Time now) {
  busy_ = false;
  if (done.look) return looked(done, now);
  written(done, now);
  return News::none;
}

void Rules::written(const RulesDone& done, Time now) {
  dirty_ = !done.good || on_its_way_ != wanted_;
  listing_.reset();
  drift_ = false;
  if (!done.good && on_its_way_ == wanted_)
    next_ = now + retry_after;
  else if (dirty_ || (!wanted_.empty() && interval_ > Time{0}))
    next_ = now;  // to look at what it has become
}

Rules::News Rules::looked(const RulesDone& done, Time now) {
  if (dirty_) return News::none;  // a load meanwhile
  if (wanted_.empty()) {
    if (!done.good) return News::none;
    dirty_ = true;
    next_ = now;
    return News::stale;
  }
  const bool as_written = done.good && listing_.value_or(done.digest) == done.digest;
  if (as_written) listing_ = done.digest;
  const bool known = std::exchange(drift_, !as_written && !repairs_);
  dirty_ = !as_written && repairs_;
  if (dirty_)
    next_ = now;
  else if (interval_ > Time{0})
    next_ = now + interval_;
  return as_written || known ? News::none : News::changed;
}

std::optional<Action> Rules::removal() const {
  if (wanted_.empty()) return std::nullopt;
  return WriteRules{no_ruleset(instance_)};
}

}  // namespace keepalive::core
