#include "core/metrics.hpp"

#include <limits>

#include "core/facts.hpp"
#include "core/metrics_page.hpp"
#include "core/metrics_routers.hpp"
#include "core/metrics_sync.hpp"

namespace keepalive::core {
namespace {

using namespace exposition;

struct Whole {
  const Engine& engine;
  const Circumstances& circumstances;
  std::string labels = "";
};
struct PoolRow {
  std::string labels = "";
  const Pool* pool = nullptr;
  const PoolView* view = nullptr;
};
struct ServerRow {
  std::string labels = "";
  const ServerState* state = nullptr;
  Placement placement = std::nullopt;
  Counts counts = {};
};
struct CheckRow {
  std::string labels = "";
  const TargetState* probe = nullptr;
  Time boot{0};
};
struct ServiceRow {
  std::string labels = "";
  Counts counts = {};
};

/// 1 up, 0 down.
double up(State state) {
  return state == State::unknown ? std::numeric_limits<double>::quiet_NaN() : number(state == State::up);
}

constexpr Family<Whole> whole_families[] = {
    {"keepalive_config_last_reload_successful", "gauge", "", "1: the file as last read is in effect.",
     [](const Whole& all) -> Sample { return number(all.circumstances.fault.empty()); }},
    {"keepalive_config_last_good", "gauge", "", "1: runs on the kept configuration, the file was broken at start.",
     [](const Whole& all) -> Sample { return number(all.circumstances.last_good); }},
    {"keepalive_config_loaded_timestamp_seconds", "gauge", "seconds", "When the configuration took effect.",
     [](const Whole& all) -> Sample { return seconds(all.circumstances.boot + all.circumstances.loaded); }},
    {"keepalive_loop_lag_seconds", "gauge", "seconds", "By how much the director was late at worst in the last minute.",
     [](const Whole& all) -> Sample { return seconds(all.circumstances.lag); }},
    {"keepalive_generation", "gauge", "", "Configurations that took effect since the start.",
     [](const Whole& all) -> Sample { return number(all.engine.generation()); }},
    {"keepalive_kernel_refusals", "gauge", "", "Services that the kernel refuses as they should be.",
     [](const Whole& all) -> Sample { return number(all.engine.refusals().size()); }},
    {"keepalive_drift", "gauge", "", "Differences made by others that are not repaired.",
     [](const Whole& all) -> Sample { return number(all.engine.drift().size()); }},
    {"keepalive_alarms", "gauge", "", "What is wrong with the daemon itself.",
     [](const Whole& all) -> Sample { return number(all.engine.alarms().size()); }},
    {"keepalive_events", "counter", "", "Entries of the journal.",
     [](const Whole& all) -> Sample {
       return all.engine.journal().empty() ? 0 : number(all.engine.journal().back().sequence);
     }},
};

constexpr Family<PoolRow> pool_families[] = {
    {"keepalive_pool_quorum", "gauge", "", "Least weight of servers that are up.",
     [](const PoolRow& row) -> Sample { return number(row.pool->quorum); }},
    {"keepalive_pool_weight_up", "gauge", "", "Weight of servers that are up.",
     [](const PoolRow& row) -> Sample { return number(row.view->weight_up); }},
    {"keepalive_pool_has_quorum", "gauge", "", "1: the quorum is met.",
     [](const PoolRow& row) -> Sample { return number(row.view->quorum); }},
    {"keepalive_pool_panic", "gauge", "", "1: servers are kept although they are down.",
     [](const PoolRow& row) -> Sample { return number(row.view->panic); }},
    {"keepalive_pool_sorry", "gauge", "", "1: the sorry server serves.",
     [](const PoolRow& row) -> Sample { return number(!row.view->quorum && row.view->sorry); }},
};

constexpr Family<ServerRow> server_families[] = {
    {"keepalive_server_up", "gauge", "", "1 up, 0 down, NaN not known yet.",
     [](const ServerRow& row) -> Sample { return up(row.state->state); }},
    {"keepalive_server_weight", "gauge", "", "Weight in the table; absent: not in the table.",
     [](const ServerRow& row) -> Sample { return row.placement ? Sample{number(*row.placement)} : std::nullopt; }},
    {"keepalive_server_drained", "gauge", "", "1: an operator drains or has disabled it.",
     [](const ServerRow& row) -> Sample {
       return number(row.state->overlay && row.state->overlay->kind != Overlay::Kind::weight);
     }},
    {"keepalive_server_connections_active", "gauge", "", "Established connections.",
     [](const ServerRow& row) -> Sample { return number(row.counts.active); }},
    {"keepalive_server_connections_inactive", "gauge", "", "Connections that begin or end.",
     [](const ServerRow& row) -> Sample { return number(row.counts.inactive); }},
    {"keepalive_server_connections", "counter", "", "Connections scheduled.",
     [](const ServerRow& row) -> Sample { return number(row.counts.stats.counters.connections); }},
    {"keepalive_server_in_bytes", "counter", "bytes", "Bytes to the server.",
     [](const ServerRow& row) -> Sample { return number(row.counts.stats.counters.in_bytes); }},
    {"keepalive_server_out_bytes", "counter", "bytes", "Bytes from the server, where they pass the director.",
     [](const ServerRow& row) -> Sample { return number(row.counts.stats.counters.out_bytes); }},
};

constexpr Family<CheckRow> check_families[] = {
    {"keepalive_check_up", "gauge", "", "1 up, 0 down, NaN not known yet.",
     [](const CheckRow& row) -> Sample { return up(row.probe->state); }},
    {"keepalive_check_latency_seconds", "gauge", "seconds", "Duration of the last probe.",
     [](const CheckRow& row) -> Sample {
       return row.probe->last_run ? Sample{seconds(row.probe->verdict.latency)} : std::nullopt;
     }},
    {"keepalive_check_last_run_timestamp_seconds", "gauge", "seconds", "When the last probe was heard of.",
     [](const CheckRow& row) -> Sample {
       return row.probe->last_run ? Sample{seconds(row.boot + *row.probe->last_run)} : std::nullopt;
     }},
    {"keepalive_check_certificate_expiry_timestamp_seconds", "gauge", "seconds",
     "When the server's certificate ends; absent: the check does not look at it.",
     [](const CheckRow& row) -> Sample {
       const std::uint64_t end = row.probe->certificate.end;
       return end != 0 ? Sample{number(end)} : std::nullopt;
     }},
    {"keepalive_check_unable", "gauge", "", "1: the daemon cannot probe, which says nothing of the server.",
     [](const CheckRow& row) -> Sample { return number(!row.probe->unable.empty()); }},
    {"keepalive_checks", "counter", "", "Probes carried out.",
     [](const CheckRow& row) -> Sample { return number(row.probe->runs); }},
    {"keepalive_check_failures", "counter", "", "Probes that failed.",
     [](const CheckRow& row) -> Sample { return number(row.probe->failures); }},
};

constexpr Family<ServiceRow> service_families[] = {
    {"keepalive_service_connections_active", "gauge", "", "Established connections.",
     [](const ServiceRow& row) -> Sample { return number(row.counts.active); }},
    {"keepalive_service_connections_inactive", "gauge", "", "Connections that begin or end.",
     [](const ServiceRow& row) -> Sample { return number(row.counts.inactive); }},
    {"keepalive_service_connections", "counter", "", "Connections scheduled.",
     [](const ServiceRow& row) -> Sample { return number(row.counts.stats.counters.connections); }},
    {"keepalive_service_in_packets", "counter", "packets", "Packets from clients.",
     [](const ServiceRow& row) -> Sample { return number(row.counts.stats.counters.in_packets); }},
    {"keepalive_service_out_packets", "counter", "packets", "Packets to clients, where they pass the director.",
     [](const ServiceRow& row) -> Sample { return number(row.counts.stats.counters.out_packets); }},
    {"keepalive_service_in_bytes", "counter", "bytes", "Bytes from clients.",
     [](const ServiceRow& row) -> Sample { return number(row.counts.stats.counters.in_bytes); }},
    {"keepalive_service_out_bytes", "counter", "bytes", "Bytes to clients, where they pass the director.",
     [](const ServiceRow& row) -> Sample { return number(row.counts.stats.counters.out_bytes); }},
};

struct Rows {
  std::vector<ServiceRow> services = {};
  std::vector<PoolRow> pools = {};
  std::vector<ServerRow> servers = {};
  std::vector<CheckRow> checks = {};
};

Rows rows(const Engine& engine, const Circumstances& circumstances, const CountTable& counts) {
  Rows all;
  if (!engine.loaded()) return all;
  const Config& config = engine.config();
  for (const VirtualServer& service : config.services)
    for (const ipvs::ServiceKey& key : service.keys)
      all.services.push_back(
          {label("service", service.name) + "," + label("address", to_string(key)), connections(key, counts)});
  const Users services = users(config);
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    const Pool& pool = config.pools[p];
    const PoolView& view = engine.pools().view(p);
    if (pool.tracked) {
      for (const TargetState* probe : engine.probes().of({p, 0}))
        all.checks.push_back({label("track", pool.tracked->name) + "," + label("kind", to_string(pool.tracked->kind)) +
                                  "," + label("check", config.checks[probe->check].name),
                              probe, circumstances.boot});
      continue;
    }
    all.pools.push_back({label("pool", pool.name), &pool, &view});
    for (std::size_t s = 0; s < pool.servers.size(); ++s) {
      const std::string labels = all.pools.back().labels + "," + label("server", pool.servers[s].name);
      all.servers.push_back(
          {labels, &engine.pools().server(p, s), view.servers[s], connections(pool.servers[s], services[p], counts)});
      for (const TargetState* probe : engine.probes().of({p, s})) {
        const std::string aspect = engine.probes().aspect({p, s}, *probe);
        all.checks.push_back({labels + "," + label("check", config.checks[probe->check].name) +
                                  (aspect.empty() ? "" : "," + label("aspect", aspect)),
                              probe, circumstances.boot});
      }
    }
  }
  return all;
}

}  // namespace

std::string metrics(const Engine& engine, const Circumstances& circumstances, const CountTable& counts) {
  Page page;
  page.head("keepalive_build", "info", "", "The daemon.");
  const std::string router = engine.loaded() ? engine.config().global.router_id : "";
  page.add("keepalive_build", "_info",
           label("version", circumstances.version) + "," + label("instance", circumstances.instance) + "," +
               label("router_id", router),
           1);
  page.add(whole_families, std::vector<Whole>{{engine, circumstances}});
  const Rows all = rows(engine, circumstances, counts);
  page.add(service_families, all.services);
  page.add(pool_families, all.pools);
  page.add(server_families, all.servers);
  page.add(check_families, all.checks);
  add_routers(page, engine, circumstances.boot);
  add_sync(page, engine, circumstances.boot);
  return std::move(page).end();
}

}  // namespace keepalive::core
