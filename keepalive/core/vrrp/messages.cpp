#include "core/vrrp/messages.hpp"

#include <type_traits>

#include "core/archive.hpp"

namespace keepalive::vrrp {

constexpr Checksum last_of(Checksum /*of*/) { return Checksum::plain; }
constexpr Failback::Kind last_of(Failback::Kind /*of*/) { return Failback::Kind::when_synced; }
constexpr Hmac::Mode last_of(Hmac::Mode /*of*/) { return Hmac::Mode::enforce; }
constexpr Track::Kind last_of(Track::Kind /*of*/) { return Track::Kind::file; }
constexpr Heartbeat::Kind last_of(Heartbeat::Kind /*of*/) { return Heartbeat::Kind::tty; }
constexpr Witness::Kind last_of(Witness::Kind /*of*/) { return Witness::Kind::tcp; }
constexpr Route::Kind last_of(Route::Kind /*of*/) { return Route::Kind::prohibit; }
constexpr Version last_of(Version /*of*/) { return Version::v3; }

template <class V, class T>
static void members(V& visit, T& m) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, VirtualAddress>)
    visit(m.address, m.prefix, m.interface, m.label, m.scope, m.excluded, m.preferred, m.peer, m.broadcast,
          m.prefix_route);
  if constexpr (std::is_same_v<Plain, Prefix>) visit(m.address, m.length);
  if constexpr (std::is_same_v<Plain, Route>)
    visit(m.destination, m.kind, m.via, m.interface, m.source, m.table, m.metric, m.mtu, m.scope, m.onlink);
  if constexpr (std::is_same_v<Plain, Rule>)
    visit(m.family, m.from, m.to, m.in, m.out, m.mark, m.mark_mask, m.table, m.priority);
  if constexpr (std::is_same_v<Plain, Failback>) visit(m.kind, m.delay);
  if constexpr (std::is_same_v<Plain, Track>) visit(m.kind, m.name, m.weight);
  if constexpr (std::is_same_v<Plain, Announcing>) visit(m.repeat, m.delay, m.refresh, m.gap);
  if constexpr (std::is_same_v<Plain, HmacKey>) visit(m.id, m.secret);
  if constexpr (std::is_same_v<Plain, Hmac>) visit(m.mode, m.keys, m.window);
  if constexpr (std::is_same_v<Plain, Peer>) visit(m.address, m.least_ttl, m.most_ttl);
  if constexpr (std::is_same_v<Plain, Instance>)
    visit(m.name, m.interface, m.id, m.priority, m.version, m.family, m.advertise, m.down_after, m.addresses,
          m.failback, m.start_delay, m.track, m.peers, m.source, m.ttl, m.group, m.password, m.hmac, m.checksum,
          m.announcing, m.ask_witness, m.virtual_mac, m.routes, m.rules, m.announce_on, m.accept, m.up_delay,
          m.down_delay);
  if constexpr (std::is_same_v<Plain, Heartbeat>) visit(m.name, m.kind, m.local, m.remote, m.device, m.speed, m.key);
  if constexpr (std::is_same_v<Plain, Witness>) visit(m.name, m.kind, m.target);
}

}  // namespace keepalive::vrrp

namespace ipvs {
constexpr Family last_of(Family /*of*/) { return Family::ipv6; }
}  // namespace ipvs

namespace keepalive::core::vrrp {

constexpr Condition last_of(Condition /*of*/) { return Condition::up; }
constexpr State last_of(State /*of*/) { return State::master; }

template <class V, class T>
static void members(V& visit, T& m) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, Configured>) visit(m.instances, m.lines, m.witnesses);
  if constexpr (std::is_same_v<Plain, Tracked>) visit(m.kind, m.name, m.well);
  if constexpr (std::is_same_v<Plain, Switchover>) visit(m.instance, m.to_master, m.by);
  if constexpr (std::is_same_v<Plain, Synced>) visit(m.synced);
  if constexpr (std::is_same_v<Plain, News>) visit(m.level, m.kind, m.instance, m.text, m.cause);
  if constexpr (std::is_same_v<Plain, Told>) visit(m.news, m.time);
  if constexpr (std::is_same_v<Plain, Status>)
    visit(m.name, m.state, m.since, m.cause, m.priority, m.source, m.faults, m.master, m.master_priority, m.master_down,
          m.rival, m.yielded, m.failback_at, m.unsynced, m.tracked, m.sent, m.heard, m.unproven, m.dropped, m.suspected,
          m.held);
  if constexpr (std::is_same_v<Plain, Lateness>) visit(m.counts, m.sum, m.worst);
  if constexpr (std::is_same_v<Plain, LineStatus>) visit(m.name, m.up, m.since, m.sent, m.heard, m.refused);
  if constexpr (std::is_same_v<Plain, WitnessStatus>) visit(m.name, m.interface, m.answered);
  if constexpr (std::is_same_v<Plain, Statuses>) visit(m.list, m.gone, m.lateness, m.lines, m.witnesses);
  if constexpr (std::is_same_v<Plain, Pulse>) visit(m.patience);
  if constexpr (std::is_same_v<Plain, Held>) visit(m.address, m.prefix, m.interface, m.peer);
  if constexpr (std::is_same_v<Plain, Holding>) visit(m.more, m.less, m.undo, m.undone);
  if constexpr (std::is_same_v<Plain, Past>) visit(m.master, m.lifted, m.yielded, m.until);
  if constexpr (std::is_same_v<Plain, Legacy>) visit(m.instances);
  if constexpr (std::is_same_v<Plain, Estate>) visit(m.legacy, m.held, m.undo);
}

std::string encode(const Speech& message) { return archive::encode(message); }
std::optional<Speech> decode_speech(std::span<const std::uint8_t> bytes) { return archive::decode<Speech>(bytes); }

std::string encode(const Guarding& message) { return archive::encode(message); }
std::optional<Guarding> decode_guarding(std::span<const std::uint8_t> bytes) {
  return archive::decode<Guarding>(bytes);
}

}  // namespace keepalive::core::vrrp
