#include "core/vrrp/announcer.hpp"

#include <algorithm>

namespace keepalive::core::vrrp {

namespace {

constexpr Time at_once = Time::min();

}  // namespace

void Announcer::enter(Lane& lane, Plan& plan, const ipvs::Address& address, Time at) {
  plan.turn = {at, turns_++, address};
  lane.order.insert(plan.turn);
}

void Announcer::drop(Lane& lane, const ipvs::Address& address) {
  const auto found = lane.plans.find(address);
  if (found == lane.plans.end()) return;
  lane.order.erase(found->second.turn);
  lane.plans.erase(found);
}

void Announcer::announce(const Place& place, const Announcing& how, Time now) {
  Lane& lane = lanes_[place.interface];
  drop(lane, place.address);
  if (how.repeat == 0) return;
  Plan& plan = lane.plans[place.address];
  plan.how = how;
  plan.left = how.repeat;
  plan.again = how.delay > Time{0};
  enter(lane, plan, place.address, at_once);
  lane.free = std::max(lane.free, now);
}

void Announcer::forget(const Place& place) {
  if (const auto lane = lanes_.find(place.interface); lane != lanes_.end()) drop(lane->second, place.address);
}

/// When an address is announced after this time; nothing: never more.
std::optional<Time> Announcer::next(Plan& plan, Time now) {
  if (plan.left > 0 && --plan.left > 0) return now;
  if (std::exchange(plan.again, false)) {
    plan.left = plan.how.repeat;
    return now + plan.how.delay;
  }
  if (plan.how.refresh > Time{0}) return now + plan.how.refresh;
  return std::nullopt;
}

std::vector<Place> Announcer::due(Time now, std::size_t most) {
  std::vector<Place> list;
  while (list.size() < most) {
    const auto found = first(now);
    if (found == lanes_.end()) break;
    auto& [interface, lane] = *found;
    const ipvs::Address address = std::get<ipvs::Address>(*lane.order.begin());
    lane.order.erase(lane.order.begin());
    Plan& plan = lane.plans.at(address);
    list.push_back({interface, address});
    if (plan.how.gap > Time{0}) lane.free = now + plan.how.gap;
    if (const auto at = next(plan, now))
      enter(lane, plan, address, *at);
    else
      lane.plans.erase(address);
  }
  return list;
}

/// The interface whose turn it is.
Announcer::Lanes::iterator Announcer::first(Time now) {
  auto first = lanes_.end();
  for (auto lane = lanes_.begin(); lane != lanes_.end(); ++lane) {
    const auto& [free, order] = std::tie(lane->second.free, lane->second.order);
    if (free > now || order.empty() || std::get<Time>(*order.begin()) > now) continue;
    if (first == lanes_.end() || *order.begin() < *first->second.order.begin()) first = lane;
  }
  return first;
}

std::optional<Time> Announcer::deadline() const {
  std::optional<Time> first;
  for (const auto& [interface, lane] : lanes_) {
    if (lane.order.empty()) continue;
    const Time at = std::max(lane.free, std::get<Time>(*lane.order.begin()));
    if (!first || at < *first) first = at;
  }
  return first;
}

}  // namespace keepalive::core::vrrp
