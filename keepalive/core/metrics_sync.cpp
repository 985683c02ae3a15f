#include "core/metrics_sync.hpp"

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

}  // namespace

void add_sync(Page& page, const Engine& engine, Time boot) {
  if (!engine.loaded() || !engine.config().sync) return;
  std::vector<DaemonRow> daemons;
  for (const auto& [role, one] : engine.syncing().roles())
    daemons.push_back({label("role", ipvs::sync::word(role)), one, boot});
  page.add(daemon_families, daemons);
  page.add(agent_families, std::vector<AgentRow>{{"", &engine.syncing()}});
}

}  // namespace keepalive::core
