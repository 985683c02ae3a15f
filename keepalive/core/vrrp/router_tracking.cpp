#include <fmt/format.h>

#include "core/vrrp/router.hpp"

namespace keepalive::core::vrrp {

void Router::take(const LinkIs& event) {
  if (event.link)
    links_[event.interface] = *event.link;
  else
    links_.erase(event.interface);
  restless_ = true;
  look_at_faults();
}

void Router::take(const AddressIs& event) {
  const bool robbed = holdings_.is(event.place, event.present);
  const Standing* const one = owner_of(event.place);
  if (event.present) remove_leftover(event.place);
  if (robbed && one != nullptr)
    news(*one, {.level = News::Level::warning,
                .kind = "ADDRESS_REPAIRED",
                .text = fmt::format("{} is put back on {}", to_string(event.place.address), event.place.interface),
                .cause = "somebody else removed it"});
  if (one != nullptr || event.place.interface == loopback) return;
  for (auto& [name, other] : instances_)
    if (other.instance.interface == event.place.interface) other.source = source(other.instance);
  look_at_faults();
}

const Router::Standing* Router::owner_of(const Place& place) const {
  const auto found = owned_.find(place);
  return found == owned_.end() ? nullptr : &instances_.at(found->second.instance);
}

void Router::take(const Tracked& event) {
  tracked_[{event.kind, event.name}] = event.well;
  look_at_faults();
}

void Router::take(const Synced& event) {
  synced_ = event.synced;
  for (auto& [name, one] : instances_) {
    one.machine.set(terms(one));
    tell_unsynced(one);
  }
}

/// That failback = when-synced holds it back is told once, and again when it was over meanwhile.
void Router::tell_unsynced(Standing& one) {
  const bool unsynced = one.machine.unsynced().has_value();
  if (std::exchange(one.unsynced, unsynced) || !unsynced) return;
  news(one, {.kind = "FAILBACK_WAITS",
             .text = fmt::format("vrrp {} does not take over from the lower priority of {}", one.instance.name,
                                 to_string(one.master.value_or(ipvs::Address{}))),
             .cause = "it has not got the connections of the other director: failback = when-synced"});
}

std::optional<bool> Router::well(const Track& track) const {
  if (track.kind == Track::Kind::interface) {
    const auto link = links_.find(track.name);
    return link != links_.end() && link->second.works;
  }
  const auto found = tracked_.find({track.kind, track.name});
  return found == tracked_.end() ? std::nullopt : std::optional{found->second};
}

/// The weights of the group's tracked things: as keepalived counts them.
std::int32_t Router::weight(const Standing& one) const {
  std::int32_t sum = 0;
  std::set<Track> seen;
  for (const auto& [name, other] : instances_) {
    if (!together(one, other)) continue;
    for (const Track& track : other.instance.track) {
      const auto state = well(track);
      if (!state || !seen.insert(track).second) continue;
      if (*state == (track.weight > 0)) sum += track.weight;
    }
  }
  return sum;
}

/// Or needs none.
bool Router::has_virtual_mac(const Instance& instance) const {
  const auto link = links_.find(instance.virtual_mac);
  return instance.virtual_mac.empty() ||
         (link != links_.end() && link->second.mac == virtual_mac(instance.family, instance.id));
}

/// Why an instance cannot work, itself or one of its group.
std::set<std::string> Router::reasons(const Standing& one) const {
  std::set<std::string> list;
  for (const auto& [name, other] : instances_) {
    if (!together(one, other)) continue;
    const Instance& instance = other.instance;
    const auto link = links_.find(instance.interface);
    if (link == links_.end())
      list.insert(fmt::format("interface {} is not there", instance.interface));
    else if (!other.link_works)
      list.insert(fmt::format("interface {} {}", instance.interface,
                              link->second.works ? "is not up for long enough yet" : "is down"));
    else if (!other.source)
      list.insert(fmt::format("interface {} has no address to speak from", instance.interface));
    else if (!has_virtual_mac(instance))
      list.insert(fmt::format("interface {} with its virtual MAC is not there", instance.virtual_mac));
    for (const Track& track : instance.track)
      if (track.weight == 0 && well(track) == false)
        list.insert(fmt::format("{} {} is down", to_string(track.kind), track.name));
  }
  return list;
}

void Router::look_at_faults() {
  for (auto& [name, one] : instances_) look_at_link(one);
  for (auto& [name, one] : instances_) {
    const std::set<std::string> now = reasons(one);
    const bool was = !one.faults.empty();
    const std::string left = was ? one.faults.begin()->first : "";
    std::erase_if(one.faults, [&](const auto& fault) { return !now.contains(fault.first); });
    for (const std::string& reason : now) one.faults.emplace(reason, now_);
    one.machine.set(terms(one));
    const bool is = !one.faults.empty();
    take_steps(one, one.machine.set_fault(is, is ? one.faults.begin()->first : "no more: " + left, now_));
  }
}

}  // namespace keepalive::core::vrrp
