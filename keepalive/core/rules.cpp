#include "core/rules.hpp"

#include "core/ruleset.hpp"

namespace keepalive::core {
namespace {

constexpr Time retry_after = std::chrono::seconds{5};

}  // namespace

void Rules::load(const Config& config, Time now) {
  interval_ = config.global.drift_interval;
  std::string text = ruleset(config, instance_);
  if (text == wanted_) return;
  wanted_ = std::move(text);
  dirty_ = true;
  next_ = now;
}

std::optional<Action> Rules::due(Time now) {
  if (!next_ || *next_ > now) return std::nullopt;
  next_.reset();  // until the answer
  if (dirty_) return WriteRules{wanted_.empty() ? no_ruleset(instance_) : wanted_};
  return LookForRules{rules_table(instance_)};
}

bool Rules::take(const RulesDone& done, Time now) {
  const bool missing = done.look && !done.good;
  dirty_ = dirty_ ? !done.good || done.look : missing;
  if (missing)
    next_ = now;
  else if (dirty_)
    next_ = now + retry_after;
  else if (!wanted_.empty() && interval_ > Time{0})
    next_ = now + interval_;
  return missing;
}

std::optional<Action> Rules::removal() const {
  if (wanted_.empty()) return std::nullopt;
  return WriteRules{no_ruleset(instance_)};
}

}  // namespace keepalive::core
