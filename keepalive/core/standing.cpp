#include "core/standing.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace keepalive::core {
namespace {

/// What is told of a pool; a check, or the daemon, may be called as it is.
constexpr auto of_pools = std::to_array<std::string_view>({"QUORUM_LOST", "PANIC"});

}  // namespace

Silence::Silence(const Config& config) {
  for (const Pool& pool : config.pools) {
    if (!pool.alerts) pools_.insert(pool.name);
    for (const Server& server : pool.servers)
      if (!pool.alerts || !server.alerts) others_.insert(object_name(pool, server));
  }
  for (const VirtualServer& service : config.services)
    for (const ipvs::ServiceKey& key : service.keys)
      if (!service.alerts) others_.insert(to_string(key));
}

bool Silence::covers(const Journal& entry) const {
  if (entry.level == Journal::Level::info) return false;
  if (std::ranges::find(of_pools, entry.kind) != of_pools.end()) return pools_.contains(entry.object);
  return others_.contains(entry.object);
}

Alert alert(const Journal& entry, Time boot) {
  return {.sequence = entry.sequence,
          .time = boot + entry.time,
          .level = entry.level,
          .kind = entry.kind,
          .object = entry.object,
          .text = entry.text,
          .cause = entry.cause};
}

Standing standing(const Engine& engine, const Silence& silence, Time boot) {
  Standing all;
  const auto add = [&](Time since, const char* kind, const std::string& object, const std::string& text) {
    all.list.push_back(
        {.time = boot + since, .level = Alert::Level::alert, .kind = kind, .object = object, .text = text});
  };
  const Config& config = engine.config();
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    const Pool& pool = config.pools[p];
    const PoolView& view = engine.pools().view(p);
    for (std::size_t s = 0; s < pool.servers.size(); ++s) {
      const ServerState& server = engine.pools().server(p, s);
      const std::string name = object_name(pool, pool.servers[s]);
      if (server.state == State::down && !silence.covers(pool, pool.servers[s]))
        add(server.since, "SERVER_DOWN", name, spoken_name(pool, pool.servers[s]) + " is down");
    }
    if (silence.covers(pool) || pool.tracked) continue;
    if (!view.quorum) add(Time{0}, "QUORUM_LOST", pool.name, "pool " + pool.name + " has no quorum");
    if (view.panic) add(Time{0}, "PANIC", pool.name, "pool " + pool.name + " is in panic");
  }
  return all;
}

}  // namespace keepalive::core
