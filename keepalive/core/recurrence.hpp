// Services that must be repaired again and again: two programs that each put the table right would do so for ever, and
// nobody would know.
#pragma once

#include <deque>
#include <map>
#include <set>

#include "core/verdict.hpp"
#include "ipvs++/service.hpp"

namespace keepalive::core {

class Recurrence {
 public:
  static constexpr std::size_t often = 5;  // repairs within
  static constexpr int looks = 10;         // so many looks after drift

  /// These were repaired just now. `interval`: between two looks. Gives those that were so often enough.
  std::set<ipvs::ServiceKey> take(const std::set<ipvs::ServiceKey>& repaired, Time interval, Time now);
  /// Those that were, and have had no repair for that time.
  std::set<ipvs::ServiceKey> over(Time interval, Time now);

 private:
  std::map<ipvs::ServiceKey, std::deque<Time>> repairs_ = {};
};

}  // namespace keepalive::core
