// Routes and rules that go with mastership, and links that count only when they have been so for long enough.
#include <algorithm>

#include "core/vrrp/router.hpp"

namespace keepalive::core::vrrp {
namespace {

bool has_ways(const Instance& instance) { return !instance.routes.empty() || !instance.rules.empty(); }

}  // namespace

void Router::lay(Standing& one, bool wanted) {
  one.laid = wanted;
  const Instance& instance = one.instance;
  if (has_ways(instance))
    actions_.emplace_back(Lay{.instance = instance.name,
                              .interface = instance.interface,
                              .wanted = wanted,
                              .routes = instance.routes,
                              .rules = instance.rules});
}

/// A route may need an address that it comes from: those are had, or were tried, before.
void Router::lay_when_held() {
  for (auto& [name, one] : instances_) {
    if (one.laid || one.machine.state() != State::master) continue;
    const Instance& instance = one.instance;
    const auto settled = [&](const VirtualAddress& address) { return holdings_.settled(place_of(instance, address)); };
    // The last one is added last: with thousands of them the answer is found at once.
    if (std::all_of(instance.addresses.rbegin(), instance.addresses.rend(), settled)) lay(one, true);
  }
}

/// Other ones than before are wanted; those it has beside them go.
void Router::lay_anew(Standing& one, const Instance& before) {
  if (!one.laid || (before.routes == one.instance.routes && before.rules == one.instance.rules)) return;
  one.laid = false;
  if (!has_ways(one.instance)) actions_.emplace_back(Lay{.instance = before.name, .interface = before.interface});
}

/// One that is gone is down at once: there is nothing to wait for.
void Router::look_at_link(Standing& one) {
  const auto link = links_.find(one.instance.interface);
  const bool works = link != links_.end() && link->second.works;
  if (link == links_.end()) one.link_works = false;
  if (works == one.link_works) return one.link_differs.reset();
  if (!one.link_differs) one.link_differs = now_;
  if (now_ < *link_due(one)) return;
  one.link_works = works;
  one.link_differs.reset();
}

std::optional<Time> Router::link_due(const Standing& one) const {
  if (!one.link_differs) return std::nullopt;
  return *one.link_differs + (one.link_works ? one.instance.down_delay : one.instance.up_delay);
}

void Router::end_link_delays() {
  if (std::any_of(instances_.begin(), instances_.end(), [&](const auto& each) {
        const auto due = link_due(each.second);
        return due && *due <= now_;
      }))
    look_at_faults();
}

}  // namespace keepalive::core::vrrp
