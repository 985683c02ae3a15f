#include "core/status.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/facts.hpp"
#include "core/telling.hpp"

namespace keepalive::core {
namespace {

struct Teller : Telling {
  void tell(const VirtualServer& service) {
    const Counts sum = connections(service, counts);
    json.object([&] {
      tell_head(service);
      json.member("active_connections", sum.active);
      json.member("inactive_connections", sum.inactive);
    });
  }

  void tell(const Overlay& overlay) {
    json.object("overlay", [&] {
      const bool weighed = overlay.kind == Overlay::Kind::weight;
      json.member("kind", word(overlay.kind));
      json.member("weight", weighed ? std::optional{overlay.weight} : std::nullopt);
      json.member("deadline", at(overlay.deadline));
      json.member("gone", overlay.gone);
    });
  }

  void tell(ServerRef ref, const TargetState& probe) {
    json.object([&] {
      json.member("name", engine.config().checks[probe.check].name);
      json.member("aspect", engine.probes().aspect(ref, probe));
      json.member("state", word(probe.state));
      json.member("since", at(probe.since));
      json.member("evidence", probe.verdict.evidence);
      json.member("unable", probe.unable);
      json.member("latency_us", probe.verdict.latency.count());
      json.member("last_run", at(probe.last_run));
      json.member("runs", probe.runs);
      json.member("failures", probe.failures);
      json.member("against", probe.against);
    });
  }

  void tell(ServerRef ref, const std::vector<const VirtualServer*>& services, std::string_view warning = {}) {
    const Config& config = engine.config();
    const Pool& pool = config.pools[ref.pool];
    const Server& server = pool.servers[ref.server];
    const ServerState& state = engine.pools().server(ref.pool, ref.server);
    const Counts sum = connections(server, services, counts);
    json.object([&] {
      json.member("pool", pool.name);
      json.member("name", server.name);
      json.member("address", to_string(server.endpoint.address));
      json.member("port", server.endpoint.port.value);
      json.member("state", word(state.state));
      json.member("since", at(state.since));
      json.member("weight", server.weight);
      json.member("effective_weight", engine.pools().view(ref.pool).servers[ref.server]);
      if (state.overlay)
        tell(*state.overlay);
      else
        json.member("overlay", nullptr);
      json.member("quiescent", state.quiescent);
      json.member("active_connections", sum.active);
      json.member("inactive_connections", sum.inactive);
      json.array("checks", [&] {
        // None when no service uses the pool.
        for (const TargetState* probe : engine.probes().of(ref)) tell(ref, *probe);
      });
      if (!warning.empty()) json.member("warning", warning);
    });
  }

  void tell_sorry(const Pool& pool, const PoolView& view, const std::vector<const VirtualServer*>& services) {
    if (!pool.sorry_server) return json.member("sorry_server", nullptr);
    const Server& server = *pool.sorry_server;
    const Counts sum = connections(server, services, counts);
    json.object("sorry_server", [&] {
      json.member("name", server.name);
      json.member("address", to_string(server.endpoint.address));
      json.member("port", server.endpoint.port.value);
      json.member("serves", !view.quorum);
      json.member("weight", server.weight);
      json.member("effective_weight", view.sorry);
      json.member("active_connections", sum.active);
      json.member("inactive_connections", sum.inactive);
    });
  }

  void tell_pools() {
    const Config& config = engine.config();
    const Users services = users(config);
    for (std::size_t p = 0; p < config.pools.size(); ++p) {
      if (config.pools[p].tracked) continue;  // stands with the virtual router that tracks it
      json.object([&] {
        const PoolView& view = engine.pools().view(p);
        tell_head(p);
        json.array("servers", [&] {
          for (std::size_t s = 0; s < config.pools[p].servers.size(); ++s) tell(ServerRef{p, s}, services[p]);
        });
        tell_sorry(config.pools[p], view, services[p]);
      });
    }
  }

  void tell_tracked(const vrrp::Instance& router) {
    json.array("tracked", [&] {
      for (std::size_t i = 0; i < router.track.size(); ++i) {
        const vrrp::Track& track = router.track[i];
        const auto pool = pool_of(engine.config(), track);
        json.object([&] {
          json.member("kind", word(track.kind));
          json.member("name", track.name);
          json.member("weight", track.weight);
          json.member("state", tracked_word(engine, router, i));
          json.array("checks", [&] {
            if (pool && engine.config().pools[*pool].tracked)
              for (const TargetState* probe : engine.probes().of({*pool, 0})) tell({*pool, 0}, *probe);
          });
        });
      }
    });
  }

  /// What its process says of it.
  void tell(const vrrp::Status& status) {
    json.member("effective_priority", status.priority);
    const bool silent = status.source == ipvs::Address::any(status.source.family());
    json.member("source", silent ? std::nullopt : std::optional{to_string(status.source)});
    tell_master(&status);
    json.member("master_down_us", status.master_down.count());
    json.member("failback_at", at(status.failback_at));
    json.member("unsynced_since", at(status.unsynced));
    json.member("yielded", status.yielded);
    json.member("rival", status.rival);
    json.member("partition_since", at(status.suspected));
    json.member("held_since", at(status.held));
    tell_faults(&status);
    json.member("sent", status.sent);
    json.member("heard", status.heard);
    json.member("unproven", status.unproven);
    json.array("dropped", [&] {
      for (std::size_t i = 0; i < status.dropped.size() && i < vrrp::drops; ++i)
        if (status.dropped[i] != 0)
          json.object([&] {
            json.member("reason", vrrp::to_string(static_cast<vrrp::Drop>(i)));
            json.member("count", status.dropped[i]);
          });
    });
  }

  void tell(const vrrp::Lateness& lateness) {
    json.object("vrrp_lateness", [&] {
      json.member("worst_us", lateness.worst.count());
      json.member("sum_us", lateness.sum.count());
      json.member("count", lateness.count());
      json.array("buckets", [&] {
        for (std::size_t i = 0; i < lateness.counts.size(); ++i)
          json.object([&] {
            const bool last = i == vrrp::Lateness::ends.size();
            json.member("to_us", last ? std::nullopt : std::optional{Time{vrrp::Lateness::ends.at(i)}.count()});
            json.member("count", lateness.counts[i]);
          });
      });
    });
  }

  void tell(const Vrrp& one, std::string_view warning = {}) {
    const vrrp::Instance& router = one.router;
    const vrrp::Status* const status = engine.routers().find(router.name);
    const bool delayed = router.failback.delay > Time{0};
    json.object([&] {
      json.member("name", router.name);
      json.member("interface", router.interface);
      json.member("id", router.id);
      json.member("version", static_cast<std::uint8_t>(router.version));
      json.member("family", router.family == ipvs::Family::ipv4 ? "ipv4" : "ipv6");
      json.member("state", word(status));
      json.member("since", status != nullptr ? std::optional{at(status->since)} : std::nullopt);
      json.member("cause", status != nullptr ? std::string_view{status->cause} : std::string_view{});
      json.member("priority", router.priority);
      json.member("failback", word(router.failback.kind));
      json.member("failback_delay_us", delayed ? std::optional{router.failback.delay.count()} : std::nullopt);
      json.member("group", router.group);
      json.member("addresses", router.addresses.size());
      json.member("transitions", engine.routers().transitions(router.name));
      tell_tracked(router);
      tell(status != nullptr ? *status : vrrp::Status{.priority = router.priority});
      if (!warning.empty()) json.member("warning", warning);
    });
  }

  void tell(const vrrp::Heartbeat& heartbeat) {
    const vrrp::LineStatus* const line = engine.routers().find_line(heartbeat.name);
    json.object([&] {
      tell_head(heartbeat, line);
      json.member("sent", line != nullptr ? line->sent : 0);
      json.member("heard", line != nullptr ? line->heard : 0);
      json.array("refused", [&] {
        for (std::size_t i = 0; line != nullptr && i < line->refused.size() && i < vrrp::refusals; ++i)
          if (line->refused[i] != 0)
            json.object([&] {
              json.member("reason", vrrp::to_string(static_cast<vrrp::Refusal>(i)));
              json.member("count", line->refused[i]);
            });
      });
    });
  }

  void tell(ipvs::DaemonRole role, const Syncing::Role& one) {
    json.object([&] {
      json.member("role", ipvs::sync::word(role));
      json.member("wanted", engine.syncing().wanted() ? std::optional{one.wanted} : std::nullopt);
      json.member("runs", one.since ? std::optional{one.actual.has_value()} : std::nullopt);
      json.member("since", at(one.since));
      json.member("settings", one.actual ? std::optional{ipvs::sync::describe(*one.actual)} : std::nullopt);
      json.member("fault", one.fault);
    });
  }

  void tell(const Sync& sync) {
    const Syncing& syncing = engine.syncing();
    json.object("sync", [&] {
      tell_head(sync);
      json.array("daemons", [&] {
        for (const auto& [role, one] : syncing.roles()) tell(role, one);
      });
      json.member("addressed", syncing.addressed());
      tell_agent();
    });
  }
};

}  // namespace

std::string status(const Engine& engine, const Circumstances& circumstances, const CountTable& counts, Time now) {
  Teller teller{{engine, circumstances, counts}};
  Json& json = teller.json;
  json.object([&] {
    json.member("router_id", engine.loaded() ? engine.config().global.router_id : std::string{});
    json.member("instance", circumstances.instance);
    json.member("version", circumstances.version);
    json.member("process", circumstances.process);
    json.member("time", teller.at(now));
    json.member("generation", engine.generation());
    teller.tell_config();
    json.array("services", [&] {
      if (engine.loaded())
        for (const VirtualServer& service : engine.config().services) teller.tell(service);
    });
    json.array("pools", [&] {
      if (engine.loaded()) teller.tell_pools();
    });
    json.array("vrrp", [&] {
      if (engine.loaded())
        for (const Vrrp& router : engine.config().vrrps) teller.tell(router);
    });
    if (engine.loaded() && !engine.config().vrrps.empty()) teller.tell(engine.routers().lateness());
    json.array("heartbeats", [&] {
      if (engine.loaded())
        for (const vrrp::Heartbeat& one : engine.config().heartbeats) teller.tell(one);
    });
    json.array("witnesses", [&] {
      for (const vrrp::WitnessStatus& one : engine.routers().witnesses()) teller.tell_witness(one);
    });
    if (engine.loaded() && engine.config().sync) teller.tell(*engine.config().sync);
    teller.tell_texts("drift", engine.drift());
    teller.tell_texts("refusals", engine.refusals());
    teller.tell_texts("alarms", engine.alarms());
  });
  return std::move(json).text() + "\n";
}

std::string server_status(const Engine& engine, const Circumstances& circumstances, const CountTable& counts,
                          ServerRef server, std::string_view warning) {
  Teller teller{{engine, circumstances, counts}};
  teller.tell(server, users(engine.config())[server.pool], warning);
  return std::move(teller.json).text() + "\n";
}

std::string router_status(const Engine& engine, const Circumstances& circumstances, const Vrrp& router,
                          std::string_view warning) {
  const CountTable none;
  Teller teller{{engine, circumstances, none}};
  teller.tell(router, warning);
  return std::move(teller.json).text() + "\n";
}

std::string last_server_warning(const Engine& engine, ServerRef server) {
  const auto& overlay = engine.pools().server(server.pool, server.server).overlay;
  const PoolView& view = engine.pools().view(server.pool);
  const bool takes = std::any_of(view.servers.begin(), view.servers.end(),
                                 [](const Placement& placed) { return placed.value_or(0) > 0; });
  if (!overlay || takes || (overlay->kind == Overlay::Kind::weight && overlay->weight > 0)) return {};
  return fmt::format("no server of pool {} takes new connections now, {}", engine.config().pools[server.pool].name,
                     view.sorry.value_or(0) > 0 ? "but the sorry server does" : "and no sorry server does");
}

}  // namespace keepalive::core
