#include "core/vrrp/holdings.hpp"

#include <cerrno>
#include <utility>

namespace keepalive::core::vrrp {
namespace {

using Operation = Alter::Operation;

constexpr Time patience{std::chrono::seconds{1}};

/// As it stands on the loopback interface.
VirtualAddress lent(VirtualAddress address) {
  constexpr std::uint8_t ipv4_bits = 32;
  constexpr std::uint8_t ipv6_bits = 128;
  address.prefix = address.address.family() == ipvs::Family::ipv4 ? ipv4_bits : ipv6_bits;
  address.label.clear();
  address.peer.reset();
  address.broadcast.reset();
  address.scope = "host";
  return address;
}

/// A refusal that says: it is so already.
bool is_so(Operation operation, int error) {
  if (operation == Operation::add) return error == EEXIST;
  return error == EADDRNOTAVAIL || error == ENODEV;
}

}  // namespace

bool Holdings::has(const std::string& interface, const ipvs::Address& address) const {
  return present_.contains({interface, address});
}

/// The next step towards what is wanted; nothing: it is so.
std::optional<Holdings::Change> Holdings::change(const Place& place, Want want) const {
  const std::string lo{loopback};
  const bool here = has(place.interface, place.address);
  const bool lent = has(lo, place.address);
  if (want == Want::held && !here) return Change{Operation::add, place.interface};
  if (want == Want::lent && !lent) return Change{Operation::add, lo};
  if (want != Want::held && here) return Change{Operation::remove, place.interface};
  if (want != Want::lent && lent) return Change{Operation::remove, lo};
  return std::nullopt;
}

void Holdings::look_at(const Place& place) {
  const auto found = records_.find(place);
  if (found == records_.end() || found->second.queued || found->second.under_way) return;
  if (change(place, found->second.want)) {
    found->second.queued = true;
    queue_.push_back(place);
  } else if (found->second.want == Want::none) {
    records_.erase(found);
  }
}

void Holdings::want(const Place& place, const VirtualAddress& address, Want want) {
  Record& record = records_[place];
  record.address = address;
  record.want = want;
  look_at(place);
}

void Holdings::give_up(const Place& place) {
  const auto found = records_.find(place);
  if (found == records_.end()) return;
  found->second.want = Want::none;
  look_at(place);
}

Holdings::Want Holdings::wanted(const Place& place) const {
  const auto found = records_.find(place);
  return found == records_.end() ? Want::none : found->second.want;
}

bool Holdings::holds(const Place& place) const {
  return wanted(place) == Want::held && has(place.interface, place.address);
}

bool Holdings::settled(const Place& place) const {
  const auto found = records_.find(place);
  return found == records_.end() || (!found->second.queued && !found->second.under_way);
}

bool Holdings::is(const Place& place, bool present) {
  const bool changed = present ? present_.insert(place).second : present_.erase(place) > 0;
  if (!changed) return false;
  look_at(place);
  return !present && wanted(place) == Want::held;
}

std::vector<ipvs::Address> Holdings::others_on(const std::string& interface) const {
  std::vector<ipvs::Address> list;
  for (auto at = present_.lower_bound({interface, {}}); at != present_.end() && at->interface == interface; ++at)
    if (!knows(*at)) list.push_back(at->address);
  return list;
}

std::optional<Alter> Holdings::next(Time now, std::size_t most) {
  if (!refused_.empty() && again_ <= now)
    for (const Place& place : std::exchange(refused_, {})) look_at(place);
  if (!under_way_.empty()) return std::nullopt;
  std::optional<Change> first;
  Alter order;
  while (!queue_.empty() && under_way_.size() < most) {
    const Place place = queue_.front();
    Record& record = records_.at(place);
    const auto step = change(place, record.want);
    if (step && first && !(*step == *first)) break;
    queue_.pop_front();
    record.queued = false;
    if (!step) {
      look_at(place);
      continue;
    }
    first = step;
    record.under_way = true;
    under_way_.push_back(place);
    order.addresses.push_back(step->interface == loopback ? lent(record.address) : record.address);
  }
  if (!first) return std::nullopt;
  order.operation = first->operation;
  order.interface = first->interface;
  return order;
}

std::vector<Place> Holdings::take(const Altered& outcome, Time now) {
  std::vector<Place> held;
  const std::vector<Place> places = std::exchange(under_way_, {});
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Place& place = places[i];
    records_.at(place).under_way = false;
    if (i >= outcome.errors.size()) {
      look_at(place);  // not come to
      continue;
    }
    if (outcome.errors[i] != 0 && !is_so(outcome.order.operation, outcome.errors[i])) {
      refused_.push_back(place);
      again_ = now + patience;
      continue;
    }
    const Place where{outcome.order.interface, place.address};
    if (outcome.order.operation == Operation::add)
      present_.insert(where);
    else
      present_.erase(where);
    if (outcome.order.operation == Operation::add && where == place && wanted(place) == Want::held)
      held.push_back(place);
    look_at(place);
  }
  return held;
}

std::optional<Time> Holdings::deadline(Time now) const {
  if (!under_way_.empty()) return std::nullopt;  // its outcome comes
  if (!queue_.empty()) return now;
  if (!refused_.empty()) return again_;
  return std::nullopt;
}

}  // namespace keepalive::core::vrrp
