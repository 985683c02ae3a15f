#include "core/overview.hpp"

#include <algorithm>
#include <chrono>

#include "core/editing.hpp"
#include "core/facts.hpp"
#include "core/report.hpp"
#include "core/telling.hpp"
#include "sync/report.hpp"

namespace keepalive::core {
namespace {

struct Viewer : Telling {
  const Scope& scope;

  bool shows(const std::string& pool) const { return !scope.pools || scope.pools->contains(pool); }

  void view(const VirtualServer& service) {
    const Counts sum = connections(service, counts);
    json.object([&] {
      tell_head(service);
      json.member("active", sum.active);
      json.member("inactive", sum.inactive);
      json.array("rates", [&] { tell(sum.stats.rates); });
    });
  }

  void tell(const ipvs::Rates& rates) {
    for (const std::uint64_t rate :
         {rates.connections, rates.in_packets, rates.out_packets, rates.in_bytes, rates.out_bytes})
      json.value(rate);
  }

  void tell_rates(const VirtualServer& service) {
    const auto counted = [this](const ipvs::ServiceKey& key) { return counts.contains(key); };
    if (!std::all_of(service.keys.begin(), service.keys.end(), counted)) return;
    json.array([&] {
      json.value(service.name);
      tell(connections(service, counts).stats.rates);
    });
  }

  /// Of the probe that took longest; nothing: none has run.
  std::optional<Time::rep> latency(ServerRef server) const {
    std::optional<Time::rep> longest;
    for (const TargetState* probe : engine.probes().of(server))
      if (probe->last_run) longest = std::max(longest.value_or(0), probe->verdict.latency.count());
    return longest;
  }

  /// An array: 20,000 of them would say their members' names 140,000 times.
  void view(std::size_t pool, std::size_t number, const std::vector<const VirtualServer*>& services) {
    const Server& server = engine.config().pools[pool].servers[number];
    const ServerState& state = engine.pools().server(pool, number);
    const Counts sum = connections(server, services, counts);
    json.array([&] {
      json.value(server.name);
      json.value(word(state.state));
      json.value(std::chrono::duration_cast<std::chrono::seconds>(circumstances.boot + state.since).count());
      json.value(engine.pools().view(pool).servers[number]);
      json.value(state.overlay ? std::optional{word(state.overlay->kind)} : std::nullopt);
      json.value(sum.active);
      json.value(sum.inactive);
      json.value(latency({pool, number}));
    });
  }

  void view_pool(std::size_t number, const std::vector<const VirtualServer*>& services) {
    const Pool& pool = engine.config().pools[number];
    const PoolView& view = engine.pools().view(number);
    json.object([&] {
      tell_head(number);
      json.array("servers", [&] {
        for (std::size_t s = 0; s < pool.servers.size(); ++s) this->view(number, s, services);
      });
      if (!pool.sorry_server) return json.member("sorry", nullptr);
      json.array("sorry", [&] {
        json.value(pool.sorry_server->name);
        json.value(!view.quorum);
      });
    });
  }

  void view_pools() {
    const Users services = users(engine.config());
    for (std::size_t p = 0; p < services.size(); ++p)
      if (const Pool& pool = engine.config().pools[p]; !pool.tracked && shows(pool.name)) view_pool(p, services[p]);
  }

  void view(const vrrp::Instance& router) {
    const vrrp::Status* const status = engine.routers().find(router.name);
    json.object([&] {
      json.member("name", router.name);
      json.member("interface", router.interface);
      json.member("id", router.id);
      json.member("group", router.group);
      json.member("priority", router.priority);
      json.member("effective_priority", status != nullptr ? status->priority : router.priority);
      json.member("state", word(status));
      json.member("since", status != nullptr ? std::optional{at(status->since)} : std::nullopt);
      json.member("cause", status != nullptr ? std::string_view{status->cause} : std::string_view{});
      json.array("addresses", [&] {
        constexpr std::size_t most = 8;  // a picture has no room for more
        for (std::size_t i = 0; i < std::min(most, router.addresses.size()); ++i)
          json.value(to_string(router.addresses[i].address));
      });
      json.member("address_count", router.addresses.size());
      view_peers(status);
    });
  }

  void view_peers(const vrrp::Status* status) {
    tell_master(status);
    json.member("rival", status != nullptr && status->rival);
    json.member("yielded", status != nullptr && status->yielded);
    json.member("partition_since", status != nullptr ? at(status->suspected) : std::nullopt);
    tell_faults(status);
  }

  void view(const vrrp::Heartbeat& heartbeat) {
    json.object([&] { tell_head(heartbeat, engine.routers().find_line(heartbeat.name)); });
  }

  void view(const Sync& sync) {
    const Syncing& syncing = engine.syncing();
    const auto& report = syncing.report();
    json.object("sync", [&] {
      tell_head(sync);
      json.array("daemons", [&] {
        for (const auto& one : syncing.roles())
          json.object([&] {
            json.member("role", ipvs::sync::word(one.first));
            json.member("wanted", one.second.wanted);
            json.member("runs", one.second.actual.has_value());
          });
      });
      tell_agent();
      json.member("lag_us", longest_lag(report ? report->whole.get() : nullptr));
    });
  }

  /// Of what relays bring; nothing: there is none.
  static std::optional<std::uint64_t> longest_lag(const ipvs::sync::Report* report) {
    std::optional<std::uint64_t> longest;
    if (report != nullptr)
      for (const auto& peer : report->peers)
        if (peer.relay_up) longest = std::max(longest.value_or(0), peer.lag_us);
    return longest;
  }

  void view(const OpenAlert& alert) {
    json.object([&] {
      json.member("sequence", alert.entry.sequence);
      json.member("time", at(alert.entry.time));
      json.member("kind", alert.entry.kind);
      json.member("object", alert.entry.object);
      json.member("text", alert.entry.text);
      json.member("cause", alert.entry.cause);
      tell_acknowledgement(json, alert, circumstances);
    });
  }

  void view_loaded() {
    const Config& config = engine.config();
    json.array("services", [&] {
      for (const VirtualServer& service : config.services)
        if (shows(config.pools[service.pool].name)) view(service);
    });
    if (scope.rates)
      json.array("rates", [&] {
        for (const VirtualServer& service : config.services) tell_rates(service);
      });
    json.array("pools", [&] { view_pools(); });
    json.array("vrrp", [&] {
      for (const Vrrp& one : config.vrrps) view(one.router);
    });
    json.array("heartbeats", [&] {
      for (const vrrp::Heartbeat& one : config.heartbeats) view(one);
    });
    json.array("witnesses", [&] {
      for (const vrrp::WitnessStatus& one : engine.routers().witnesses()) tell_witness(one);
    });
    if (config.sync)
      view(*config.sync);
    else
      json.member("sync", nullptr);
    json.array("alerts", [&] {
      for (const OpenAlert& one : engine.alerts().list()) view(one);
    });
    tell_texts("alarms", engine.alarms());
  }
};

}  // namespace

std::vector<ipvs::ServiceKey> keys_of(const Config& config, const Chosen& chosen) {
  std::vector<ipvs::ServiceKey> keys;
  for (const VirtualServer& service : config.services)
    if (!chosen || chosen->contains(config.pools[service.pool].name))
      keys.insert(keys.end(), service.keys.begin(), service.keys.end());
  return keys;
}

std::string overview(const Engine& engine, const Circumstances& circumstances, const CountTable& counts, Time now,
                     const Scope& scope) {
  Viewer viewer{{engine, circumstances, counts}, scope};
  Json& json = viewer.json;
  json.object([&] {
    json.member("router_id", engine.loaded() ? engine.config().global.router_id : std::string{});
    json.member("version", circumstances.version);
    json.member("time", viewer.at(now));
    json.member("generation", engine.generation());
    json.member("sequence", engine.journal().empty() ? 0 : engine.journal().back().sequence);
    viewer.tell_config();
    if (engine.loaded()) viewer.view_loaded();
  });
  return std::move(json).text() + "\n";
}

}  // namespace keepalive::core
