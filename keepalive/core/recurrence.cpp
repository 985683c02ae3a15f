#include "core/recurrence.hpp"

namespace keepalive::core {

std::set<ipvs::ServiceKey> Recurrence::take(const std::set<ipvs::ServiceKey>& repaired, Time interval, Time now) {
  std::set<ipvs::ServiceKey> again;
  for (const ipvs::ServiceKey& key : repaired) {
    std::deque<Time>& times = repairs_[key];
    while (!times.empty() && times.front() < now - interval * looks) times.pop_front();
    times.push_back(now);
    if (times.size() >= often) again.insert(key);
  }
  return again;
}

std::set<ipvs::ServiceKey> Recurrence::over(Time interval, Time now) {
  std::set<ipvs::ServiceKey> quiet;
  for (const auto& [key, times] : repairs_)
    if (times.back() < now - interval * looks) quiet.insert(key);
  for (const ipvs::ServiceKey& key : quiet) repairs_.erase(key);
  return quiet;
}

}  // namespace keepalive::core
