// The targets of a prober, each in a slot that stays its own; the director knows them by id.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/health.hpp"
#include "core/messages.hpp"
#include "probe/probe.hpp"

namespace keepalive::probe {

/// Small, for there may be tens of thousands.
struct Target {
  std::uint32_t id = 0;  // 0: the slot is free
  std::uint32_t check = 0;
  ipvs::Endpoint endpoint = {};
  ipvs::Fwmark mark = {};
  ipvs::Endpoint behind = {};  // of a marked probe
  std::string host = "";
  core::Health health = {};
  core::Time planned{0};                   // start of the running or next probe
  core::Time started{0};                   // of the running one, in fact
  std::unique_ptr<Probe> probe = nullptr;  // that runs
  std::uint32_t run = 0;                   // of its script
  bool last_look = false;                  // its time is over, and the poller is asked once more: we may have slept
  std::uint8_t sockets = 0;                // that its probe takes of the director, as far as it is known
  std::uint32_t report = 0;                // Reports' own
};

class Roster {
 public:
  using Slot = std::uint32_t;

  std::optional<Slot> find(std::uint32_t id) const;
  /// A new target; `id` is not known yet.
  Slot add(const core::Target& target);
  void drop(Slot slot);
  Target& operator[](Slot slot) { return targets_[slot]; }
  /// Slots are less than this.
  Slot end() const { return static_cast<Slot>(targets_.size()); }

 private:
  std::vector<Target> targets_ = {};
  std::vector<Slot> free_ = {};
  std::unordered_map<std::uint32_t, Slot> by_id_ = {};
};

/// Takes over what the director says of a target; not its state.
void assign(Target& target, const core::Target& given);

}  // namespace keepalive::probe
