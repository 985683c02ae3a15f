// Keeps the marking rules of grouped services (ruleset.hpp) in force: written when they change, again when nft refused
// them, looked after in case others flushed them.
#pragma once

#include <optional>
#include <string>

#include "core/action.hpp"
#include "core/event.hpp"

namespace keepalive::core {

class Rules {
 public:
  explicit Rules(std::string instance) : instance_{std::move(instance)} {}

  void load(const Config& config, Time now);
  /// What to do now.
  std::optional<Action> due(Time now);
  /// Whether our table was found missing.
  bool take(const RulesDone& done, Time now);
  std::optional<Time> deadline() const { return next_; }
  /// What takes the rules away; nothing when there are none.
  std::optional<Action> removal() const;

 private:
  std::string instance_;
  std::string wanted_ = "";  // empty: none
  bool dirty_ = false;
  Time interval_{0};
  std::optional<Time> next_ = std::nullopt;
};

}  // namespace keepalive::core
