#include "core/programs.hpp"

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

}  // namespace keepalive::core
