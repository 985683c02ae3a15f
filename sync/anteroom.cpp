#include "sync/anteroom.hpp"

#include <algorithm>
#include <tuple>

namespace ipvs::sync {

Anteroom::Come Anteroom::come(const Address& from) {
  Come come{.ticket = ++last_};
  waiting_.emplace(come.ticket, from);
  if (waiting_.size() <= places_) return come;
  come.out = least_wanted();
  waiting_.erase(*come.out);
  return come;
}

Anteroom::Ticket Anteroom::least_wanted() const {
  std::map<Address, std::size_t> counts;
  for (const auto& [ticket, from] : waiting_) ++counts[from];
  const auto weight = [&](const auto& one) {
    const bool stranger = std::find(peers_.begin(), peers_.end(), one.second) == peers_.end();
    return std::tuple{stranger, counts.at(one.second)};
  };
  // max_element gives the first of equals, and tickets are in the order of coming.
  return std::max_element(waiting_.begin(), waiting_.end(),
                          [&](const auto& one, const auto& other) { return weight(one) < weight(other); })
      ->first;
}

}  // namespace ipvs::sync
