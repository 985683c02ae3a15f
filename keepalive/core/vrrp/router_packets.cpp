#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "core/vrrp/differences.hpp"
#include "core/vrrp/router.hpp"

namespace keepalive::core::vrrp {
namespace {

constexpr std::size_t most_told = 256;  // so that a flood of sources fills no memory

bool is_advertised(const Instance& instance, const VirtualAddress& one) {
  return !one.excluded && one.address.family() == instance.family;
}

bool advertises(const Instance& instance) {
  return std::any_of(instance.addresses.begin(), instance.addresses.end(),
                     [&](const VirtualAddress& one) { return is_advertised(instance, one); });
}

/// What stands in the packet: as much as it holds. RFC 9568 section 5.2.9: IPv6's link-local address comes first.
std::vector<ipvs::Address> advertised(const Instance& instance, std::uint32_t mtu) {
  std::vector<ipvs::Address> list;
  for (const VirtualAddress& one : instance.addresses)
    if (is_advertised(instance, one)) list.push_back(one.address);
  std::stable_partition(list.begin(), list.end(), is_link_local);
  list.resize(std::min(list.size(), most_addresses(instance.family, mtu)));
  return list;
}

}  // namespace

std::optional<ipvs::Address> Router::source(const Instance& instance) const {
  if (instance.source != ipvs::Address{}) return instance.source;
  for (const ipvs::Address& address : holdings_.others_on(instance.interface))
    if (address.family() == instance.family &&
        (instance.family == ipvs::Family::ipv4 || is_link_local(address) || !instance.peers.empty()))
      return address;
  return std::nullopt;
}

void Router::transmit(Standing& one, std::uint8_t priority) {
  const Instance& instance = one.instance;
  const auto& from = one.source;
  const auto link = links_.find(instance.interface);
  if (!from || link == links_.end()) return;
  const Advertisement told{.version = instance.version,
                           .id = instance.id,
                           .priority = priority,
                           .interval = instance.advertise,
                           .addresses = advertised(instance, link->second.mtu),
                           .password = instance.password};
  const Checksum checksum = instance.checksum == Checksum::mirror ? one.peers_checksum : instance.checksum;
  const auto send = [&](const ipvs::Address& to, std::uint8_t ttl) {
    const Envelope envelope{.source = *from, .destination = to, .ttl = ttl};
    std::optional<Signature> signature;
    if (instance.hmac.mode > Hmac::Mode::receive)
      signature = {instance.hmac.keys.front(), *(signed_ = sequence_after(signed_, clock_, instance.hmac.window))};
    actions_.emplace_back(Transmit{device_of(instance), envelope, encode(told, envelope, checksum, signature)});
    ++one.counts.sent;
  };
  if (instance.peers.empty()) return send(multicast_group(instance.family), any_ttl);
  for (const Peer& peer : instance.peers) send(peer.address, instance.ttl);
}

Router::Standing* Router::find(const Received& event, std::uint8_t id) {
  for (auto& [name, one] : instances_)
    if (device_of(one.instance) == event.interface && one.instance.id == id &&
        one.instance.family == event.envelope.source.family())
      return &one;
  return nullptr;
}

/// The interface of a virtual MAC: it hears what is meant for others, too.
bool Router::is_virtual(const std::string& interface) const {
  return std::any_of(instances_.begin(), instances_.end(),
                     [&](const auto& each) { return each.second.instance.virtual_mac == interface; });
}

void Router::take(const Received& event) {
  const auto result = decode(base::as_bytes(event.bytes), event.envelope);
  constexpr std::size_t id_offset = 1;
  const bool has_id = event.bytes.size() > id_offset;
  Standing* const one = has_id ? find(event, static_cast<std::uint8_t>(event.bytes[id_offset])) : nullptr;
  if (const auto* reason = std::get_if<Drop>(&result)) return drop(one, *reason, event);
  if (one == nullptr && is_virtual(event.interface)) return;
  if (one == nullptr) return drop(nullptr, Drop::unknown_id, event);
  const auto& heard = std::get<Heard>(result);
  if (const auto reason = objection(*one, event, heard)) return drop(one, *reason, event);
  if (const auto reason = doubt(*one, event, heard)) return drop(one, *reason, event);
  hear(*one, event, heard);
}

/// Why an instance does not take what is a packet otherwise.
std::optional<Drop> Router::objection(const Standing& one, const Received& event, const Heard& heard) const {
  const Instance& instance = one.instance;
  const Envelope& envelope = event.envelope;
  if (one.source == envelope.source) return Drop::own_address;
  const bool multicast = envelope.destination.is_multicast();
  if (multicast != instance.peers.empty()) return Drop::not_a_peer;
  if (multicast && envelope.ttl != any_ttl) return Drop::ttl;
  if (!multicast) {
    const auto peer = std::find_if(instance.peers.begin(), instance.peers.end(),
                                   [&](const Peer& each) { return each.address == envelope.source; });
    if (peer == instance.peers.end()) return Drop::not_a_peer;
    if (envelope.ttl < peer->least_ttl || envelope.ttl > peer->most_ttl) return Drop::ttl;
  }
  const Advertisement& told = heard.advertisement;
  if (told.version != instance.version) return Drop::other_version;
  if (told.version == Version::v2 && told.interval != instance.advertise) return Drop::other_interval;
  if (told.password != instance.password) return Drop::password;
  if (told.addresses.empty() && advertises(instance)) return Drop::no_address;
  return std::nullopt;
}

/// Why its HMAC trailer proves nothing, or what there is without one is not heard.
std::optional<Drop> Router::doubt(Standing& one, const Received& event, const Heard& heard) const {
  constexpr std::size_t least_senders = 4;  // there may be more than one other router on the network
  const Hmac& hmac = one.instance.hmac;
  if (hmac.mode == Hmac::Mode::none) return std::nullopt;
  if (heard.trailer.empty()) {
    if (hmac.mode == Hmac::Mode::enforce) return Drop::hmac_missing;
    ++one.counts.unproven;
    return std::nullopt;
  }
  const ipvs::Address& source = event.envelope.source;
  const auto result = verify(heard.message, heard.trailer, source, hmac.keys);
  if (const auto* reason = std::get_if<Drop>(&result)) return *reason;
  return one.senders.take(source, std::get<Sequence>(result), clock_, hmac.window,
                          std::max(least_senders, one.instance.peers.size()));
}

void Router::drop(Standing* one, Drop reason, const Received& event) {
  ++(one == nullptr ? stray_ : one->counts.dropped)[static_cast<std::size_t>(reason)];
  if (one == nullptr || told_.size() > most_told) return;
  if (!told_.insert({one->instance.name, reason, event.envelope.source}).second) return;
  news(*one, {.level = News::Level::warning,
              .kind = "VRRP_IGNORED",
              .text = fmt::format("vrrp {} does not hear {}", one->instance.name, to_string(event.envelope.source)),
              .cause = std::string{to_string(reason)}});
}

/// What is heard may say otherwise than our configuration: each source is told of once for each kind.
void Router::compare(const Standing& one, const Received& event, const Advertisement& told) {
  const auto link = links_.find(one.instance.interface);
  if (link == links_.end() || differing_.size() > most_told) return;
  const ipvs::Address& source = event.envelope.source;
  for (Difference& each : differences(one.instance, advertised(one.instance, link->second.mtu), told))
    if (differing_.insert({one.instance.name, each.kind, source}).second)
      news(one, {.level = News::Level::warning,
                 .kind = "VRRP_DIFFERS",
                 .text = fmt::format("vrrp {} and {} differ", one.instance.name, to_string(source)),
                 .cause = std::move(each.text)});
}

void Router::hear(Standing& one, const Received& event, const Heard& heard) {
  compare(one, event, heard.advertisement);
  ++one.counts.heard;
  one.peers_checksum = heard.checksum == Checksum::mirror ? one.peers_checksum : heard.checksum;
  one.master = event.envelope.source;
  one.master_priority = heard.advertisement.priority;
  if (heard.advertisement.priority == leaving)
    one.masters.leave(event.envelope.source);
  else
    one.masters.hear(event.envelope.source, now_);
  one.held.reset();
  one.machine.set(terms(one));
  take_steps(one, one.machine.hear(heard.advertisement, event.envelope.source, now_));
  tell_unsynced(one);
}

}  // namespace keepalive::core::vrrp
