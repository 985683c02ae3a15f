#include "core/sync_words.hpp"

#include <type_traits>

#include "core/archive.hpp"

namespace {

/// A number of 8 or 16 bits, as one of 32.
template <class V, class T>
void visit_small(V& visit, T& number) {
  auto wide = static_cast<std::uint32_t>(number);
  visit(wide);
  if constexpr (!std::is_const_v<T>) number = static_cast<T>(wide);
}

}  // namespace

namespace ipvs {

constexpr DaemonRole last_of(DaemonRole) { return DaemonRole::backup; }

template <class V, class T>
requires std::is_same_v<std::remove_const_t<T>, Daemon>
static void members(V& visit, T& m) {
  visit(m.role, m.interface, m.sync_id.value);
  visit_small(visit, m.max_length);
  visit(m.group);
  visit_small(visit, m.port.value);
  visit(m.ttl);
}

namespace sync {

constexpr Resync last_of(Resync) { return Resync::refused; }

template <class V, class T>
static void members(V& visit, T& m) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, Line>) {
    visit(m.interface, m.group);
    visit_small(visit, m.port.value);
    visit(m.ports, m.id.value);
  }
  if constexpr (std::is_same_v<Plain, AgentSettings>)
    visit(m.host, m.line, m.relay, m.listen, m.peers, m.secrets, m.certificate, m.certificate_key, m.ca, m.donate,
          m.resync_rate, m.daemons, m.socket);
  if constexpr (std::is_same_v<Plain, RelayEnd::Counts>) {
    visit(m.sent, m.unsent, m.resent, m.delivered, m.reordered, m.missed, m.lost);
    for (auto& count : m.dropped) visit(count);
  }
  if constexpr (std::is_same_v<Plain, PeerReport>)
    visit(m.peer, m.connected, m.fault, m.host, m.permille, m.common, m.only_here, m.only_there, m.age_ms,
          m.compared_bytes, m.compared_ms, m.resync, m.resynced, m.resync_ms, m.refusal, m.reaches, m.reached,
          m.relay_up, m.round_trip_us, m.lag_us, m.relay);
  if constexpr (std::is_same_v<Plain, ChannelCounts>) visit(m.sessions, m.refused, m.pushed_out, m.resyncs, m.given);
  if constexpr (std::is_same_v<Plain, Rejects>) visit(m.strangers, m.overrun, m.unreadable, m.overdue);
  if constexpr (std::is_same_v<Plain, Report>)
    visit(m.faults, m.connections, m.listening, m.given, m.waiting, m.dropped, m.missed, m.start_read_ms, m.start_read,
          m.rejects, m.channel, m.peers);
}

}  // namespace sync
}  // namespace ipvs

namespace keepalive::core {

template <class V, class T>
static void members(V& visit, T& m) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, SetAgent>) visit(m.settings);
  if constexpr (std::is_same_v<Plain, SyncQuestion>) visit(m.id, m.text);
  if constexpr (std::is_same_v<Plain, SyncAnswer>) visit(m.id, m.json);
  if constexpr (std::is_same_v<Plain, SyncTold>) visit(m.report);
}

std::string encode(const SyncWords& message) { return archive::encode(message); }

std::optional<SyncWords> decode_sync(std::span<const std::uint8_t> bytes) { return archive::decode<SyncWords>(bytes); }

}  // namespace keepalive::core
