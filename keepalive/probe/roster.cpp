#include "probe/roster.hpp"

namespace keepalive::probe {

std::optional<Roster::Slot> Roster::find(std::uint32_t id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

Roster::Slot Roster::add(const core::Target& target) {
  Slot slot = end();
  if (free_.empty()) {
    targets_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  by_id_[target.id] = slot;
  targets_[slot] = Target{.id = target.id, .health = core::Health{target.state}};
  assign(targets_[slot], target);
  return slot;
}

void Roster::drop(Slot slot) {
  by_id_.erase(targets_[slot].id);
  targets_[slot] = Target{};
  free_.push_back(slot);
}

void assign(Target& target, const core::Target& given) {
  target.check = given.check;
  target.endpoint = given.endpoint;
  target.mark = given.mark;
  target.behind = given.behind;
  target.host = given.host;
  target.sockets = 0;
}

}  // namespace keepalive::probe
