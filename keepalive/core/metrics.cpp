#include "core/metrics.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "core/facts.hpp"

namespace keepalive::core {
namespace {

/// Nothing: no sample.
using Sample = std::optional<double>;

/// One family of metrics, over things of one kind.
template <class Row>
struct Family {
  std::string_view name;
  std::string_view type;
  std::string_view unit;
  std::string_view help;
  Sample (*sample)(const Row&);
};

struct Whole {
  const Engine& engine;
  const Circumstances& circumstances;
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

struct RouterRow {
  std::string labels = "";
  const vrrp::Status* status = nullptr;
  std::size_t addresses = 0;
  std::uint64_t transitions = 0;
  Time boot{0};
};
struct StateRow {
  std::string labels = "";
  bool is = false;
};
struct DropRow {
  std::string labels = "";
  std::uint64_t count = 0;
};
struct LineRow {
  std::string labels = "";
  const vrrp::LineStatus* line = nullptr;
};
struct WitnessRow {
  std::string labels = "";
  std::optional<Time> answered = std::nullopt;
};
struct LateRow {
  std::string labels = "";
  Time worst{0};
};

template <class Number>
double number(Number value) {
  return static_cast<double>(value);
}
double seconds(Time time) { return std::chrono::duration<double>(time).count(); }
/// Of what is heard of a virtual router.
template <class Value>
Sample told(const RouterRow& row, Value (*value)(const vrrp::Status&)) {
  return row.status == nullptr ? std::nullopt : Sample{number(value(*row.status))};
}
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

constexpr Family<RouterRow> router_families[] = {
    {"keepalive_vrrp_priority", "gauge", "", "Priority that it advertises; absent: nothing is heard of it yet.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.priority); });
     }},
    {"keepalive_vrrp_since_timestamp_seconds", "gauge", "seconds", "When it entered its state.",
     [](const RouterRow& row) -> Sample {
       return row.status == nullptr ? std::nullopt : Sample{seconds(row.boot + row.status->since)};
     }},
    {"keepalive_vrrp_faults", "gauge", "", "Reasons why it cannot work.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.faults.size()); });
     }},
    {"keepalive_vrrp_rival", "gauge", "", "1: another master is heard.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.rival); });
     }},
    {"keepalive_vrrp_partition_suspected", "gauge", "", "1: a heartbeat says that another master lives, unheard.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.suspected.has_value()); });
     }},
    {"keepalive_vrrp_addresses", "gauge", "", "Addresses that its master holds.",
     [](const RouterRow& row) -> Sample { return number(row.addresses); }},
    {"keepalive_vrrp_transitions", "counter", "", "Changes of its state.",
     [](const RouterRow& row) -> Sample { return number(row.transitions); }},
    {"keepalive_vrrp_advertisements_sent", "counter", "", "Advertisements sent.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.sent); });
     }},
    {"keepalive_vrrp_advertisements_received", "counter", "", "Advertisements heard.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.heard); });
     }},
    {"keepalive_vrrp_advertisements_unproven", "counter", "", "Of these, without an HMAC where there are keys.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.unproven); });
     }},
};

constexpr Family<StateRow> state_families[] = {
    {"keepalive_vrrp_state", "gauge", "", "1: it is in this state; all 0: nothing is heard of it yet.",
     [](const StateRow& row) -> Sample { return number(row.is); }},
};

constexpr Family<DropRow> drop_families[] = {
    {"keepalive_vrrp_advertisements_dropped", "counter", "", "Packets not heard, by reason.",
     [](const DropRow& row) -> Sample { return number(row.count); }},
};

constexpr Family<LateRow> late_families[] = {
    {"keepalive_vrrp_lateness_seconds", "gauge", "seconds", "The worst lateness of an advertisement so far.",
     [](const LateRow& row) -> Sample { return seconds(row.worst); }},
};

constexpr Family<LineRow> line_families[] = {
    {"keepalive_heartbeat_up", "gauge", "", "1: the other director is heard on it.",
     [](const LineRow& row) -> Sample { return number(row.line->up); }},
    {"keepalive_heartbeat_sent", "counter", "", "Words sent on it.",
     [](const LineRow& row) -> Sample { return number(row.line->sent); }},
    {"keepalive_heartbeat_received", "counter", "", "Words heard and believed.",
     [](const LineRow& row) -> Sample { return number(row.line->heard); }},
};

constexpr Family<DropRow> refusal_families[] = {
    {"keepalive_heartbeat_refused", "counter", "", "Words not believed, by reason.",
     [](const DropRow& row) -> Sample { return number(row.count); }},
};

constexpr Family<WitnessRow> witness_families[] = {
    {"keepalive_witness_answered_timestamp_seconds", "gauge", "seconds", "When it answered last; absent: never.",
     [](const WitnessRow& row) -> Sample { return row.answered ? Sample{seconds(*row.answered)} : std::nullopt; }},
};

/// NAME="VALUE", escaped.
std::string label(std::string_view name, std::string_view value) {
  std::string text = fmt::format("{}=\"", name);
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? std::string_view{"\\n"} : std::string_view{&c, 1};
  }
  return text += '"';
}

const std::string& labels(const Whole& /*row*/) {
  static const std::string none;
  return none;
}
template <class Row>
const std::string& labels(const Row& row) {
  return row.labels;
}

class Page {
 public:
  template <class Row, std::size_t count>
  void add(const Family<Row> (&families)[count], const std::vector<Row>& rows) {
    for (const Family<Row>& family : families) {
      head(family.name, family.type, family.unit, family.help);
      const std::string_view suffix = family.type == "counter" ? "_total" : "";
      for (const Row& row : rows)
        if (const Sample sample = family.sample(row)) add(family.name, suffix, labels(row), *sample);
    }
  }
  void head(std::string_view name, std::string_view type, std::string_view unit, std::string_view help) {
    fmt::format_to(out(), "# TYPE {} {}\n", name, type);
    if (!unit.empty()) fmt::format_to(out(), "# UNIT {} {}\n", name, unit);
    fmt::format_to(out(), "# HELP {} {}\n", name, help);
  }
  void add(std::string_view name, std::string_view suffix, std::string_view its_labels, double value) {
    text_.append(name).append(suffix);
    if (!its_labels.empty()) text_.append("{").append(its_labels).append("}");
    text_ += ' ';
    if (value != value)
      text_ += "NaN";
    else if (std::abs(value) < 9e15 && value == std::trunc(value))
      fmt::format_to(out(), "{}", static_cast<std::int64_t>(value));
    else
      fmt::format_to(out(), "{}", value);
    text_ += '\n';
  }
  /// A histogram: each bucket counts those before it too.
  void add_histogram(std::string_view name, std::string_view help, const vrrp::Lateness& lateness) {
    head(name, "histogram", "seconds", help);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < lateness.counts.size(); ++i) {
      sum += lateness.counts[i];
      const bool last = i == vrrp::Lateness::ends.size();
      const std::string end = last ? "+Inf" : fmt::format("{:#}", seconds(vrrp::Lateness::ends.at(i)));
      add(name, "_bucket", label("le", end), number(sum));
    }
    add(name, "_count", "", number(sum));
    add(name, "_sum", "", seconds(lateness.sum));
  }
  std::string end() && { return std::move(text_) + "# EOF\n"; }

 private:
  std::back_insert_iterator<std::string> out() { return std::back_inserter(text_); }

  std::string text_ = "";
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

struct RouterRows {
  std::vector<RouterRow> routers = {};
  std::vector<StateRow> states = {};
  std::vector<DropRow> drops = {};
};

RouterRows router_rows(const Engine& engine, Time boot) {
  RouterRows all;
  for (const Vrrp& one : engine.config().vrrps) {
    const std::string& name = one.router.name;
    const vrrp::Status* const status = engine.routers().find(name);
    const std::string its = label("vrrp", name);
    all.routers.push_back({its, status, one.router.addresses.size(), engine.routers().transitions(name), boot});
    for (const auto state : {vrrp::State::master, vrrp::State::backup, vrrp::State::fault, vrrp::State::stopped})
      all.states.push_back({its + "," + label("state", vrrp::to_string(state)), status && status->state == state});
    for (std::size_t i = 0; status && i < status->dropped.size() && i < vrrp::drops; ++i)
      all.drops.push_back(
          {its + "," + label("reason", vrrp::to_string(static_cast<vrrp::Drop>(i))), status->dropped[i]});
  }
  return all;
}

/// Of heartbeat lines and witnesses.
void add_lines(Page& page, const Routers& routers, Time boot) {
  std::vector<LineRow> lines;
  std::vector<DropRow> refusals;
  std::vector<WitnessRow> witnesses;
  for (const vrrp::LineStatus& one : routers.lines()) {
    const std::string its = label("heartbeat", one.name);
    lines.push_back({its, &one});
    for (std::size_t i = 0; i < one.refused.size() && i < vrrp::refusals; ++i)
      refusals.push_back({its + "," + label("reason", vrrp::to_string(static_cast<vrrp::Refusal>(i))), one.refused[i]});
  }
  for (const vrrp::WitnessStatus& one : routers.witnesses())
    witnesses.push_back({label("witness", one.name) + "," + label("interface", one.interface),
                         one.answered ? std::optional{boot + *one.answered} : std::nullopt});
  if (!lines.empty()) page.add(line_families, lines);
  if (!refusals.empty()) page.add(refusal_families, refusals);
  if (!witnesses.empty()) page.add(witness_families, witnesses);
}

/// Of virtual routers, where there are any.
void add_routers(Page& page, const Engine& engine, Time boot) {
  if (!engine.loaded() || engine.config().vrrps.empty()) return;
  const RouterRows all = router_rows(engine, boot);
  page.add(state_families, all.states);
  page.add(router_families, all.routers);
  page.add(drop_families, all.drops);
  page.add(late_families, std::vector<LateRow>{{"", engine.routers().lateness().worst}});
  page.add_histogram("keepalive_vrrp_advertisement_lateness_seconds", "By how much advertisements went out late.",
                     engine.routers().lateness());
  add_lines(page, engine.routers(), boot);
}

}  // namespace

std::string metrics(const Engine& engine, const Circumstances& circumstances, const CountTable& counts, Time /*now*/) {
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
  return std::move(page).end();
}

}  // namespace keepalive::core
