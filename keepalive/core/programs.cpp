#include "core/programs.hpp"

#include <algorithm>
#include <utility>

namespace keepalive::core {

void Programs::add(RunProgram program) { waiting_.push_back(std::move(program)); }

std::vector<RunProgram> Programs::start() {
  std::vector<RunProgram> list;
  for (auto place = waiting_.begin(); place != waiting_.end() && running_.size() < limit_;) {
    if (!place->object.empty() && !busy_.insert(place->object).second) {
      ++place;
      continue;
    }
    running_.emplace(place->id, place->object);
    list.push_back(std::move(*place));
    place = waiting_.erase(place);
  }
  return list;
}

void Programs::finished(std::uint32_t id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  busy_.erase(found->second);
  running_.erase(found);
}

bool Programs::needs(std::uint32_t serial) const {
  return std::any_of(waiting_.begin(), waiting_.end(), [&](const RunProgram& one) { return one.serial == serial; });
}

std::uint32_t Tickets::issue(std::uint32_t theirs) {
  open_.emplace(++last_, theirs);
  return last_;
}

std::optional<std::uint32_t> Tickets::redeem(std::uint32_t ours) {
  const auto node = open_.extract(ours);
  return node.empty() ? std::nullopt : std::optional{node.mapped()};
}

}  // namespace keepalive::core
