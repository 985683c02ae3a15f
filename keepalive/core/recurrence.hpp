// Services and daemons that must be repaired again and again: two programs that each put the same thing right would do so
// for ever, and nobody would know.
#pragma once

#include <deque>
#include <map>
#include <set>

#include "core/verdict.hpp"

namespace keepalive::core {

constexpr std::size_t often = 5;  // repairs within
constexpr int looks = 10;         // so many looks after drift

template <class Key>
class Recurrence {
 public:
  /// These were repaired just now. `interval`: between two looks. Gives those that were so often enough.
  std::set<Key> take(const std::set<Key>& repaired, Time interval, Time now) {
    std::set<Key> again;
    for (const Key& key : repaired) {
      std::deque<Time>& times = repairs_[key];
      while (!times.empty() && times.front() < now - interval * looks) times.pop_front();
      times.push_back(now);
      if (times.size() >= often) again.insert(key);
    }
    return again;
  }
  /// Those that were, and have had no repair for that time.
  std::set<Key> over(Time interval, Time now) {
    std::set<Key> quiet;
    for (const auto& [key, times] : repairs_)
      if (times.back() < now - interval * looks) quiet.insert(key);
    for (const Key& key : quiet) repairs_.erase(key);
    return quiet;
  }

 private:
  std::map<Key, std::deque<Time>> repairs_ = {};
};

}  // namespace keepalive::core
