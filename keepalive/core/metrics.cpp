#include "core/metrics.hpp"

#include <functional>
#include <limits>
#include <utility>
#include <vector>

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
// Rows hold values, and what stays as long as the configuration is held: between the pieces of a page the engine goes on.
// They are small, since memory that is new costs more than what is put into it.
struct PoolRow {
  const Pool* pool = nullptr;
  std::uint64_t weight_up = 0;
  bool quorum = false;
  bool panic = false;
  bool sorry = false;

  void append_labels(std::string& text) const { append_label(text, "pool", pool->name); }
};
struct ServerRow {
  const Pool* pool = nullptr;
  const Server* server = nullptr;
  Placement placement = std::nullopt;
  State state = State::unknown;
  bool drained = false;
  std::uint64_t active = 0;
  std::uint64_t inactive = 0;
  std::uint64_t connections = 0;
  std::uint64_t in_bytes = 0;
  std::uint64_t out_bytes = 0;

  void append_labels(std::string& text) const {
    append_label(text, "pool", pool->name);
    append_label(text += ',', "server", server->name);
  }
};
struct CheckRow {
  const Pool* pool = nullptr;
  const Server* server = nullptr;
  const Check* check = nullptr;
  std::string aspect = "";
  State state = State::unknown;
  bool unable = false;
  Time latency{0};
  std::optional<Time> last_run = std::nullopt;  // since 1970
  std::uint64_t certificate_end = 0;
  std::uint64_t runs = 0;
  std::uint64_t failures = 0;

  void append_labels(std::string& text) const {
    append_label(text, server == nullptr ? "track" : "pool", server == nullptr ? pool->tracked->name : pool->name);
    append_label(text += ',', server == nullptr ? "kind" : "server",
                 server == nullptr ? to_string(pool->tracked->kind) : std::string_view{server->name});
    append_label(text += ',', "check", check->name);
    if (!aspect.empty()) append_label(text += ',', "aspect", aspect);
  }
};
struct ServiceRow {
  const VirtualServer* service = nullptr;
  const ipvs::ServiceKey* key = nullptr;
  Counts counts = {};

  void append_labels(std::string& text) const {
    append_label(text, "service", service->name);
    append_label(text += ',', "address", to_string(*key));
  }
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
     [](const PoolRow& row) -> Sample { return number(row.weight_up); }},
    {"keepalive_pool_has_quorum", "gauge", "", "1: the quorum is met.",
     [](const PoolRow& row) -> Sample { return number(row.quorum); }},
    {"keepalive_pool_panic", "gauge", "", "1: servers are kept although they are down.",
     [](const PoolRow& row) -> Sample { return number(row.panic); }},
    {"keepalive_pool_sorry", "gauge", "", "1: the sorry server serves.",
     [](const PoolRow& row) -> Sample { return number(row.sorry); }},
};

constexpr Family<ServerRow> server_families[] = {
    {"keepalive_server_up", "gauge", "", "1 up, 0 down, NaN not known yet.",
     [](const ServerRow& row) -> Sample { return up(row.state); }},
    {"keepalive_server_weight", "gauge", "", "Weight in the table; absent: not in the table.",
     [](const ServerRow& row) -> Sample { return row.placement ? Sample{number(*row.placement)} : std::nullopt; }},
    {"keepalive_server_drained", "gauge", "", "1: an operator drains or has disabled it.",
     [](const ServerRow& row) -> Sample { return number(row.drained); }},
    {"keepalive_server_connections_active", "gauge", "", "Established connections.",
     [](const ServerRow& row) -> Sample { return number(row.active); }},
    {"keepalive_server_connections_inactive", "gauge", "", "Connections that begin or end.",
     [](const ServerRow& row) -> Sample { return number(row.inactive); }},
    {"keepalive_server_connections", "counter", "", "Connections scheduled.",
     [](const ServerRow& row) -> Sample { return number(row.connections); }},
    {"keepalive_server_in_bytes", "counter", "bytes", "Bytes to the server.",
     [](const ServerRow& row) -> Sample { return number(row.in_bytes); }},
    {"keepalive_server_out_bytes", "counter", "bytes", "Bytes from the server, where they pass the director.",
     [](const ServerRow& row) -> Sample { return number(row.out_bytes); }},
};

constexpr Family<CheckRow> check_families[] = {
    {"keepalive_check_up", "gauge", "", "1 up, 0 down, NaN not known yet.",
     [](const CheckRow& row) -> Sample { return up(row.state); }},
    {"keepalive_check_latency_seconds", "gauge", "seconds", "Duration of the last probe.",
     [](const CheckRow& row) -> Sample { return row.last_run ? Sample{seconds(row.latency)} : std::nullopt; }},
    {"keepalive_check_last_run_timestamp_seconds", "gauge", "seconds", "When the last probe was heard of.",
     [](const CheckRow& row) -> Sample { return row.last_run ? Sample{seconds(*row.last_run)} : std::nullopt; }},
    {"keepalive_check_certificate_expiry_timestamp_seconds", "gauge", "seconds",
     "When the server's certificate ends; absent: the check does not look at it.",
     [](const CheckRow& row) -> Sample {
       return row.certificate_end != 0 ? Sample{number(row.certificate_end)} : std::nullopt;
     }},
    {"keepalive_check_unable", "gauge", "", "1: the daemon cannot probe, which says nothing of the server.",
     [](const CheckRow& row) -> Sample { return number(row.unable); }},
    {"keepalive_checks", "counter", "", "Probes carried out.",
     [](const CheckRow& row) -> Sample { return number(row.runs); }},
    {"keepalive_check_failures", "counter", "", "Probes that failed.",
     [](const CheckRow& row) -> Sample { return number(row.failures); }},
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

void add_checks(Rows& all, const Engine& engine, Time boot, ServerRef at) {
  const Pool& pool = engine.config().pools[at.pool];
  for (const TargetState* probe : engine.probes().of(at))
    all.checks.push_back({.pool = &pool,
                          .server = pool.tracked ? nullptr : &pool.servers[at.server],
                          .check = &engine.config().checks[probe->check],
                          .aspect = pool.tracked ? std::string{} : engine.probes().aspect(at, *probe),
                          .state = probe->state,
                          .unable = !probe->unable.empty(),
                          .latency = probe->verdict.latency,
                          .last_run = probe->last_run ? std::optional{boot + *probe->last_run} : std::nullopt,
                          .certificate_end = probe->certificate.end,
                          .runs = probe->runs,
                          .failures = probe->failures});
}

void add_pool(Rows& all, const Engine& engine, std::size_t number, const std::vector<const VirtualServer*>& services,
              const CountTable& counts) {
  const Pool& pool = engine.config().pools[number];
  const PoolView& view = engine.pools().view(number);
  all.pools.push_back({.pool = &pool,
                       .weight_up = view.weight_up,
                       .quorum = view.quorum,
                       .panic = view.panic,
                       .sorry = !view.quorum && view.sorry.has_value()});
  for (std::size_t s = 0; s < pool.servers.size(); ++s) {
    const ServerState& state = engine.pools().server(number, s);
    const Counts sum = connections(pool.servers[s], services, counts);
    all.servers.push_back({.pool = &pool,
                           .server = &pool.servers[s],
                           .placement = view.servers[s],
                           .state = state.state,
                           .drained = state.overlay && state.overlay->kind != Overlay::Kind::weight,
                           .active = sum.active,
                           .inactive = sum.inactive,
                           .connections = sum.stats.counters.connections,
                           .in_bytes = sum.stats.counters.in_bytes,
                           .out_bytes = sum.stats.counters.out_bytes});
  }
}

Rows rows(const Engine& engine, Time boot, const CountTable& counts) {
  Rows all;
  if (!engine.loaded()) return all;
  const Config& config = engine.config();
  for (const VirtualServer& service : config.services)
    for (const ipvs::ServiceKey& key : service.keys)
      all.services.push_back({.service = &service, .key = &key, .counts = connections(key, counts)});
  const Users services = users(config);
  std::size_t servers = 0;
  for (const Pool& pool : config.pools) servers += pool.servers.size();
  all.servers.reserve(servers);
  all.checks.reserve(servers);
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    const Pool& pool = config.pools[p];
    if (!pool.tracked) add_pool(all, engine, p, services[p], counts);
    for (std::size_t s = 0; s < (pool.tracked ? 1 : pool.servers.size()); ++s) add_checks(all, engine, boot, {p, s});
  }
  return all;
}

}  // namespace

/// A table of work: each entry a family's head and its samples.
struct MetricsPage::Work {
  struct Job {
    std::size_t count = 0;
    std::function<void(std::size_t row)> one = nullptr;
    std::function<void()> head = nullptr;
  };

  Work(const Engine& its_engine, Time its_boot, Format format) : engine{its_engine}, boot{its_boot}, page{format} {}

  template <class Row, std::size_t count>
  void plan(const Family<Row> (&families)[count], std::vector<Row>& list) {
    for (const Family<Row>& family : families)
      jobs.push_back({.count = list.size(),
                      .one = [this, &family, &list](std::size_t i) { page.add(family, list[i]); },
                      .head = [this, &family] { page.head(family.name, family.type, family.unit, family.help); }});
  }

  void plan_all() {
    plan(service_families, rows.services);
    plan(pool_families, rows.pools);
    plan(server_families, rows.servers);
    plan(check_families, rows.checks);
    jobs.push_back({.head = [this] {
      add_routers(page, engine, boot);
      add_sync(page, engine, boot);
      page.finish();
    }});
  }

  const Engine& engine;
  Time boot;
  std::shared_ptr<const Config> config = nullptr;  // rows point into it
  Page page;
  Rows rows = {};
  std::vector<Job> jobs = {};
  std::size_t job = 0;
  std::size_t row = 0;
};

MetricsPage::MetricsPage(const Engine& engine, const Circumstances& circumstances, const CountTable& counts,
                         Format format)
    : work_{std::make_unique<Work>(engine, circumstances.boot, format)} {
  Page& page = work_->page;
  page.head("keepalive_build", "info", "", "The daemon.");
  const std::string router = engine.loaded() ? engine.config().global.router_id : "";
  page.add("keepalive_build", "_info",
           label("version", circumstances.version) + "," + label("instance", circumstances.instance) + "," +
               label("router_id", router),
           1);
  page.add(whole_families, std::vector<Whole>{{engine, circumstances}});
  work_->config = engine.held();
  work_->rows = rows(engine, circumstances.boot, counts);
  work_->plan_all();
}

MetricsPage::~MetricsPage() = default;

bool MetricsPage::step(std::size_t samples) {
  Work& work = *work_;
  while (work.job < work.jobs.size()) {
    const Work::Job& job = work.jobs[work.job];
    if (samples == 0) return false;
    if (work.row == 0 && job.head) job.head();
    for (; work.row < job.count && samples != 0; ++work.row, --samples) job.one(work.row);
    if (work.row < job.count) return false;
    work.row = 0;
    ++work.job;
  }
  return true;
}

std::string_view MetricsPage::text() const { return work_->page.text(); }

void MetricsPage::clear() { work_->page.clear(); }

std::string metrics(const Engine& engine, const Circumstances& circumstances, const CountTable& counts) {
  MetricsPage page{engine, circumstances, counts};
  page.step(std::numeric_limits<std::size_t>::max());
  return std::string{page.text()};
}

}  // namespace keepalive::core
