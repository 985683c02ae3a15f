#include "core/metrics_sync.hpp"

#include "sync/report.hpp"

namespace keepalive::core {
namespace {

using namespace exposition;

struct DaemonRow {
  std::string labels = "";
  Syncing::Role role = {};
  Time boot{0};
};
struct AgentRow {
  std::string labels = "";
  const Syncing* syncing = nullptr;
};

constexpr Family<DaemonRow> daemon_families[] = {
    {"keepalive_sync_daemon_wanted", "gauge", "", "1: this sync daemon is to run.",
     [](const DaemonRow& row) -> Sample { return number(row.role.wanted); }},
    {"keepalive_sync_daemon_up", "gauge", "", "1: it runs; absent: not looked at yet.",
     [](const DaemonRow& row) -> Sample {
       return row.role.since ? Sample{number(row.role.actual.has_value())} : std::nullopt;
     }},
    {"keepalive_sync_daemon_since_timestamp_seconds", "gauge", "seconds", "Since when it runs so, or does not.",
     [](const DaemonRow& row) -> Sample {
       return row.role.since ? Sample{seconds(row.boot + *row.role.since)} : std::nullopt;
     }},
};

constexpr Family<AgentRow> agent_families[] = {
    {"keepalive_sync_synced", "gauge", "", "1: this director has the others' connections.",
     [](const AgentRow& row) -> Sample { return number(row.syncing->synced()); }},
    {"keepalive_sync_connected", "gauge", "", "1: to the other director's agent; absent: not known.",
     [](const AgentRow& row) -> Sample {
       return row.syncing->report() ? Sample{number(row.syncing->report()->connected)} : std::nullopt;
     }},
    {"keepalive_sync_parity_ratio", "gauge", "ratio",
     "Connections that both directors have, of all; absent: not known.",
     [](const AgentRow& row) -> Sample {
       constexpr double whole = 1000;
       return row.syncing->report() ? Sample{row.syncing->report()->parity_permille / whole} : std::nullopt;
     }},
};

struct SyncDropRow {
  std::string labels = "";
  std::uint64_t count = 0;
};
struct ChannelRow {
  std::string labels = "";
  ipvs::sync::ChannelCounts counts = {};
};
constexpr Family<SyncDropRow> reject_families[] = {
    {"keepalive_sync_rejected", "counter", "", "Packets and datagrams that were kept from the kernel, by reason.",
     [](const SyncDropRow& row) -> Sample { return number(row.count); }},
};
constexpr Family<ChannelRow> channel_families[] = {
    {"keepalive_sync_channel_sessions", "counter", "", "Agents that proved themselves and asked this one.",
     [](const ChannelRow& row) -> Sample { return number(row.counts.sessions); }},
    {"keepalive_sync_channel_refused", "counter", "", "Those that did not prove themselves.",
     [](const ChannelRow& row) -> Sample { return number(row.counts.refused + row.counts.pushed_out); }},
};

struct PeerRow {
  std::string labels = "";
  const ipvs::sync::PeerReport* peer = nullptr;
};

constexpr Family<PeerRow> peer_families[] = {
    {"keepalive_sync_peer_connected", "gauge", "", "1: the agents are connected.",
     [](const PeerRow& row) -> Sample { return number(row.peer->connected); }},
    {"keepalive_sync_peer_only_here", "gauge", "", "Connections that the peer does not have.",
     [](const PeerRow& row) -> Sample {
       return row.peer->permille ? Sample{number(row.peer->only_here)} : std::nullopt;
     }},
    {"keepalive_sync_peer_only_there", "gauge", "", "Connections that only the peer has.",
     [](const PeerRow& row) -> Sample {
       return row.peer->permille ? Sample{number(row.peer->only_there)} : std::nullopt;
     }},
    {"keepalive_sync_peer_reaches", "gauge", "", "1: multicast from here comes there; absent: not known.",
     [](const PeerRow& row) -> Sample {
       return row.peer->reaches ? Sample{number(*row.peer->reaches)} : std::nullopt;
     }},
    {"keepalive_sync_peer_reached", "gauge", "", "1: multicast from there comes here; absent: not known.",
     [](const PeerRow& row) -> Sample {
       return row.peer->reached ? Sample{number(*row.peer->reached)} : std::nullopt;
     }},
};
constexpr Family<PeerRow> relay_families[] = {
    {"keepalive_sync_relay_up", "gauge", "", "1: the peer's relay is heard.",
     [](const PeerRow& row) -> Sample { return number(row.peer->relay_up); }},
    {"keepalive_sync_relay_sent", "counter", "", "Datagrams of the kernel that went to the peer.",
     [](const PeerRow& row) -> Sample { return number(row.peer->relay.sent); }},
    {"keepalive_sync_relay_resent", "counter", "", "Packets that the peer asked for again.",
     [](const PeerRow& row) -> Sample { return number(row.peer->relay.resent); }},
    {"keepalive_sync_relay_delivered", "counter", "", "Datagrams of the peer that went to the kernel.",
     [](const PeerRow& row) -> Sample { return number(row.peer->relay.delivered); }},
    {"keepalive_sync_relay_reordered", "counter", "", "Packets that came after a later one.",
     [](const PeerRow& row) -> Sample { return number(row.peer->relay.reordered); }},
    {"keepalive_sync_relay_lost", "counter", "", "Packets that were given up.",
     [](const PeerRow& row) -> Sample { return number(row.peer->relay.lost); }},
    {"keepalive_sync_relay_lag_seconds", "gauge", "seconds", "How late the last datagram was.",
     [](const PeerRow& row) -> Sample { return seconds(std::chrono::microseconds{row.peer->lag_us}); }},
};
constexpr Family<SyncDropRow> sync_drop_families[] = {
    {"keepalive_sync_relay_dropped", "counter", "", "Packets that were dropped, by reason.",
     [](const SyncDropRow& row) -> Sample { return number(row.count); }},
};

void add_peers(Page& page, const ipvs::sync::Report& report, bool relay) {
  std::vector<PeerRow> peers;
  std::vector<SyncDropRow> dropped;
  for (const ipvs::sync::PeerReport& peer : report.peers) {
    const std::string name = label("peer", to_string(peer.peer));
    peers.push_back({name, &peer});
    for (std::size_t i = 0; i < ipvs::sync::drops; ++i)
      dropped.push_back({name + "," + label("reason", ipvs::sync::to_string(static_cast<ipvs::sync::Drop>(i))),
                         peer.relay.dropped.at(i)});
  }
  page.add(peer_families, peers);
  if (!relay) return;
  page.add(relay_families, peers);
  page.add(sync_drop_families, dropped);
}

void add_rejects(Page& page, const ipvs::sync::Report& report) {
  const auto row = [](std::string_view reason, std::uint64_t count) {
    return SyncDropRow{label("reason", reason), count};
  };
  const ipvs::sync::Rejects& all = report.rejects;
  page.add(reject_families, std::vector{row("stranger", all.strangers), row("overrun", all.overrun),
                                        row("unreadable", all.unreadable), row("overdue", all.overdue)});
  page.add(channel_families, std::vector{ChannelRow{"", report.channel}});
}

}  // namespace

void add_sync(Page& page, const Engine& engine, Time boot) {
  if (!engine.loaded() || !engine.config().sync) return;
  std::vector<DaemonRow> daemons;
  for (const auto& [role, one] : engine.syncing().roles())
    daemons.push_back({label("role", ipvs::sync::word(role)), one, boot});
  page.add(daemon_families, daemons);
  page.add(agent_families, std::vector<AgentRow>{{"", &engine.syncing()}});
  const auto& report = engine.syncing().report();
  const bool relay = engine.config().sync->transport == Sync::Transport::relay;
  if (!report || !report->whole) return;
  add_peers(page, *report->whole, relay);
  add_rejects(page, *report->whole);
}

}  // namespace keepalive::core
