#include "core/vrrp/lateness.hpp"

#include <algorithm>
#include <numeric>

namespace keepalive::core::vrrp {

void Lateness::add(Time late) {
  const auto end = std::lower_bound(ends.begin(), ends.end(), late);
  ++counts[static_cast<std::size_t>(end - ends.begin())];
  sum += late;
  worst = std::max(worst, late);
}

void Lateness::add(const Lateness& more) {
  if (more.counts.size() != counts.size()) return;
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += more.counts[i];
  sum += more.sum;
  worst = std::max(worst, more.worst);
}

std::uint64_t Lateness::count() const { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

}  // namespace keepalive::core::vrrp
