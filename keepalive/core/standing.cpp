#include "core/standing.hpp"

namespace keepalive::core {

Alert alert(const Journal& entry, Time boot) {
  return {.sequence = entry.sequence,
          .time = boot + entry.time,
          .level = static_cast<Alert::Level>(entry.level),
          .kind = entry.kind,
          .object = entry.object,
          .text = entry.text,
          .cause = entry.cause};
}

Standing standing(const Engine& engine, Time boot) {
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
      if (server.state == State::down) add(server.since, "SERVER_DOWN", name, "server " + name + " is down");
    }
    if (!view.quorum) add(Time{0}, "QUORUM_LOST", pool.name, "pool " + pool.name + " has no quorum");
    if (view.panic) add(Time{0}, "PANIC", pool.name, "pool " + pool.name + " is in panic");
  }
  return all;
}

}  // namespace keepalive::core
