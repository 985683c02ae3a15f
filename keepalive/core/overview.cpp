#include "core/overview.hpp"

#include <algorithm>
#include <chrono>

#include "core/editing.hpp"
#include "core/facts.hpp"
#include "core/json.hpp"
#include "core/report.hpp"
#include "sync/report.hpp"

namespace keepalive::core {
namespace {

struct Viewer {
  const Engine& engine;
  const Circumstances& circumstances;
  const CountTable& counts;
  const Scope& scope;
  Json json = {};

  bool shows(const std::string& pool) const { return !scope.pools || scope.pools->contains(pool); }

  std::string at(Time time) const { return timestamp(circumstances.boot + time); }
  std::optional<std::string> at(const std::optional<Time>& time) const {
    return time ? std::optional{at(*time)} : std::nullopt;
  }

  void view_config() {
    json.object("config", [&] {
      json.member("path", circumstances.path);
      json.member("loaded", engine.loaded() ? std::optional{at(circumstances.loaded)} : std::nullopt);
      json.member("fault", circumstances.fault.empty() ? std::nullopt : std::optional{circumstances.fault});
      json.member("last_good", circumstances.last_good);
      tell_pending(json, circumstances.pending);
    });
  }

  void view(const VirtualServer& service) {
    const Counts sum = connections(service, counts);
    json.object([&] {
      json.member("name", service.name);
      json.array("keys", [&] {
        for (const ipvs::ServiceKey& key : service.keys) json.value(to_string(key));
      });
      json.member("scheduler", service.properties.scheduler);
      json.member("forward", word(service.forwarding));
      json.member("pool", engine.config().pools[service.pool].name);
      json.member("state", word(engine.pools().view(service.pool)));
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
      json.member("name", pool.name);
      json.member("quorum", pool.quorum);
      json.member("weight_up", view.weight_up);
      json.member("state", word(view));
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
    if (status != nullptr && status->master)
      json.object("master", [&] {
        json.member("address", to_string(*status->master));
        json.member("priority", status->master_priority);
      });
    else
      json.member("master", nullptr);
    json.member("rival", status != nullptr && status->rival);
    json.member("yielded", status != nullptr && status->yielded);
    json.member("partition_since", status != nullptr ? at(status->suspected) : std::nullopt);
    json.array("faults", [&] {
      if (status != nullptr)
        for (const auto& fault : status->faults)
          json.object([&] {
            json.member("reason", fault.first);
            json.member("since", at(fault.second));
          });
    });
  }

  void view(const vrrp::Heartbeat& heartbeat) {
    const vrrp::LineStatus* const line = engine.routers().find_line(heartbeat.name);
    json.object([&] {
      json.member("name", heartbeat.name);
      json.member("place", place_of(heartbeat));
      json.member("state", line == nullptr ? "unknown" : line->up ? "up" : "silent");
      json.member("since", line != nullptr ? std::optional{at(line->since)} : std::nullopt);
    });
  }

  void view(const vrrp::WitnessStatus& witness) {
    json.object([&] {
      json.member("name", witness.name);
      json.member("interface", witness.interface);
      json.member("answered_at", at(witness.answered));
    });
  }

  void view(const Sync& sync) {
    const Syncing& syncing = engine.syncing();
    const auto& report = syncing.report();
    json.object("sync", [&] {
      json.member("interface", sync.daemons.interface);
      json.member("id", sync.daemons.id.value);
      json.member("follow", sync.daemons.both ? "both" : sync.follow);
      json.array("daemons", [&] {
        for (const auto& one : syncing.roles())
          json.object([&] {
            json.member("role", ipvs::sync::word(one.first));
            json.member("wanted", one.second.wanted);
            json.member("runs", one.second.actual.has_value());
          });
      });
      json.member("connected", report ? std::optional{report->connected} : std::nullopt);
      json.member("parity_permille", report ? std::optional{report->parity_permille} : std::nullopt);
      json.member("resync", report ? std::optional{word(report->resync)} : std::nullopt);
      json.member("synced", syncing.synced());
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

  void view_alarms() {
    json.array("alarms", [&] {
      for (const std::string& text : engine.alarms()) json.value(text);
    });
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
      for (const vrrp::WitnessStatus& one : engine.routers().witnesses()) view(one);
    });
    if (config.sync)
      view(*config.sync);
    else
      json.member("sync", nullptr);
    json.array("alerts", [&] {
      for (const OpenAlert& one : engine.alerts().list()) view(one);
    });
    view_alarms();
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
  Viewer viewer{engine, circumstances, counts, scope};
  Json& json = viewer.json;
  json.object([&] {
    json.member("router_id", engine.loaded() ? engine.config().global.router_id : std::string{});
    json.member("version", circumstances.version);
    json.member("time", viewer.at(now));
    json.member("generation", engine.generation());
    json.member("sequence", engine.journal().empty() ? 0 : engine.journal().back().sequence);
    viewer.view_config();
    if (engine.loaded()) viewer.view_loaded();
  });
  return std::move(json).text() + "\n";
}

}  // namespace keepalive::core
