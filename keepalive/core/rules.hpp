// Keeps the marking rules of grouped services (ruleset.hpp) in force: written when they change, again when nft refused
// them, looked after in case others change or flush them. One run of nft at a time.
#pragma once

#include <optional>
#include <string>

#include "core/action.hpp"
#include "core/event.hpp"

namespace keepalive::core {

class Rules {
 public:
  /// What an answer of nft brought to light.
  enum class News : std::uint8_t {
    none,
    stale,    // rules of a predecessor, which nobody wants
    changed,  // others changed ours
  };

  explicit Rules(std::string instance) : instance_{std::move(instance)} {}

  /// A first configuration looks for what a predecessor may have left.
  void load(const Config& config, Time now);
  /// What to do now.
  std::optional<Action> due(Time now);
  News take(const RulesDone& done, Time now);
  std::optional<Time> deadline() const { return busy_ ? std::nullopt : next_; }
  /// Others changed the rules and nobody repairs them: drift = report.
  bool drift() const { return drift_; }
  /// Whether a configuration wants other rules than those that are wanted now.
  bool differ(const Config& config) const;
  /// What takes the rules away; nothing when there are none.
  std::optional<Action> removal() const;

 private:
  void written(const RulesDone& done, Time now);
  News looked(const RulesDone& done, Time now);

  std::string instance_;
  std::string wanted_ = "";      // empty: none
  std::string on_its_way_ = "";  // to nft
  bool loaded_ = false;
  bool dirty_ = false;
  bool busy_ = false;
  bool drift_ = false;
  bool repairs_ = true;
  std::optional<std::uint64_t> listing_ = std::nullopt;  // of our rules, right after they were written
  Time interval_{0};
  std::optional<Time> next_ = std::nullopt;
};

}  // namespace keepalive::core
