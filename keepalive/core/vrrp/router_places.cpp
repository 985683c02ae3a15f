#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/vrrp/router.hpp"

namespace keepalive::core::vrrp {
namespace {

// What is done in one go may take a few milliseconds, no more: an advertisement may be due.
constexpr std::size_t most_alterations = 256;
constexpr std::size_t most_frames = 128;
constexpr Time address_contradiction{std::chrono::seconds{1}};  // least time between two for one address
// What came before neighbours had learnt where an address is now may still wait for a program to answer it. Nor does
// the work of who gives up, and perhaps ends, fall together with that of who takes over.
constexpr Time last_answers{std::chrono::milliseconds{50}};

}  // namespace

const std::string& device_of(const Instance& instance) {
  return instance.virtual_mac.empty() || !instance.peers.empty() ? instance.interface : instance.virtual_mac;
}

Place place_of(const Instance& instance, const VirtualAddress& address) {
  if (!address.interface.empty()) return {address.interface, address.address};
  return {instance.virtual_mac.empty() ? instance.interface : instance.virtual_mac, address.address};
}

void Router::want_addresses(const Standing& one) {
  using Want = Holdings::Want;
  const bool master = one.machine.state() == State::master;
  for (const VirtualAddress& address : one.instance.addresses) {
    const Place place = place_of(one.instance, address);
    // While a configuration is taken, one may be asked that has not got its own of it yet.
    const auto owned = owned_.find(place);
    if (owned == owned_.end() || owned->second.instance != one.instance.name) continue;
    const bool lends = one.lent_until && holdings_.wanted(place) != Want::none;
    holdings_.want(place, address, master ? Want::held : lends ? Want::lent : Want::none);
    if (!master) forget(one.instance, place);
  }
}

/// An address that nobody wants is there: from a predecessor, or put there by hand.
void Router::remove_leftover(const Place& place) {
  const auto remove = [this](const Place& wanted) {
    const auto found = owned_.find(wanted);
    if (found == owned_.end() || holdings_.knows(wanted)) return;
    holdings_.want(wanted, found->second.address, Holdings::Want::none);
  };
  if (place.interface != loopback) return remove(place);
  for (const auto& [interface, link] : links_) remove({interface, place.address});  // it was lent
}

void Router::end_loans() {
  for (; !returned_.empty() && returned_.front().first <= now_; returned_.pop_front())
    if (holdings_.wanted(returned_.front().second) == Holdings::Want::lent) holdings_.give_up(returned_.front().second);
  for (auto& [name, one] : instances_) {
    if (!one.lent_until || now_ < *one.lent_until) continue;
    one.lent_until.reset();
    want_addresses(one);
  }
}

void Router::alter() {
  if (auto order = holdings_.next(now_, most_alterations)) actions_.emplace_back(std::move(*order));
}

void Router::take(const Altered& event) {
  for (const Place& place : holdings_.take(event, now_))
    if (const Standing* const one = owner_of(place)) announce(one->instance, place);
}

void Router::take(const Seen& event) {
  const auto link = links_.find(event.place.interface);
  const Standing* const one = owner_of(event.place);
  if (one == nullptr || link == links_.end() || link->second.mac == event.mac) return;
  const Holdings::Want wanted = holdings_.wanted(event.place);
  if (wanted == Holdings::Want::lent) returned_.emplace_back(now_ + last_answers, event.place);
  if (wanted != Holdings::Want::held) return;
  const auto [last, fresh] = contradicted_.try_emplace(event.place, now_);
  if (!fresh && now_ - last->second < address_contradiction) return;
  last->second = now_;
  announce(one->instance, event.place);
  news(*one, {.level = News::Level::warning,
              .kind = "ADDRESS_CONFLICT",
              .text = fmt::format("{} is claimed by another host", to_string(event.place.address)),
              .cause = "its MAC was seen in ARP or neighbour discovery"});
}

void Router::announce(const Standing& one) {
  for (const VirtualAddress& address : one.instance.addresses)
    if (const Place place = place_of(one.instance, address); holdings_.holds(place)) announce(one.instance, place);
}

void Router::announce(const Instance& instance, const Place& place) {
  announcer_.announce(place, instance.announcing, now_);
  for (const std::string& interface : instance.announce_on)
    if (interface != place.interface) announcer_.announce({interface, place.address}, instance.announcing, now_);
}

void Router::forget(const Instance& instance, const Place& place) {
  announcer_.forget(place);
  for (const std::string& interface : instance.announce_on) announcer_.forget({interface, place.address});
}

/// Further interfaces are other ones, or addresses are.
void Router::announce_anew(const Standing& one, const Instance& before) {
  if (before.announce_on == one.instance.announce_on && before.addresses == one.instance.addresses) return;
  for (const VirtualAddress& address : before.addresses)
    for (const std::string& interface : before.announce_on)
      if (interface != place_of(before, address).interface) announcer_.forget({interface, address.address});
  if (one.machine.state() == State::master && !one.instance.announce_on.empty()) announce(one);
}

void Router::send_frames() {
  std::map<std::string, std::vector<std::string>> frames;
  for (const Place& place : announcer_.due(now_, most_frames))
    if (const auto link = links_.find(place.interface); link != links_.end())
      frames[place.interface].push_back(announcement(place.address, link->second.mac, link->second.router));
  for (auto& [interface, list] : frames) actions_.emplace_back(Announce{interface, std::move(list)});
}

}  // namespace keepalive::core::vrrp
