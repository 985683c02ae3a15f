#include "core/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/diagnostics.hpp"
#include "core/facts.hpp"
#include "core/find.hpp"
#include "core/json.hpp"
#include "core/router_sentences.hpp"
#include "core/sentences.hpp"
#include "core/sync_sentences.hpp"

namespace keepalive::core {
namespace {

struct Explanation {
  std::string object = "";
  std::string_view state = "";
  std::optional<Time> since = std::nullopt;
  Lines lines = {};
};

std::string text(const Explanation& told, const Circumstances& circumstances) {
  Json json;
  json.object([&] {
    json.member("object", told.object);
    json.member("state", told.state);
    json.member("since", told.since ? std::optional{timestamp(circumstances.boot + *told.since)} : std::nullopt);
    json.array("lines", [&] {
      for (const std::string& line : told.lines) json.value(line);
    });
  });
  return std::move(json).text() + "\n";
}

/// When the journal last spoke of an object.
std::optional<Time> last_told(const Engine& engine, const std::string& object) {
  const auto& journal = engine.journal();
  const auto last =
      std::find_if(journal.rbegin(), journal.rend(), [&](const Journal& entry) { return entry.object == object; });
  return last == journal.rend() ? std::nullopt : std::optional{last->time};
}

bool names(const VirtualServer& service, std::string_view word) {
  return service.name == word || std::any_of(service.keys.begin(), service.keys.end(), [&](const auto& key) {
           const auto* vip = std::get_if<ipvs::VipKey>(&key);
           return to_string(key) == word || (vip != nullptr && to_string(vip->endpoint) == word);
         });
}

/// All that is known of the virtual servers, pools and virtual routers of this name, as one text.
std::optional<Explanation> explain_named(const Scene& scene, std::string_view word) {
  const Config& config = scene.engine.config();
  std::optional<Explanation> told;
  std::vector<bool> done(config.pools.size(), false);
  const auto tell_pool = [&](std::size_t p) {
    if (done[p]) return;
    done[p] = true;
    const std::string& name = config.pools[p].name;
    if (!told) told = Explanation{.object = name, .state = core::word(scene.engine.pools().view(p))};
    if (!told->since) told->since = last_told(scene.engine, name);
    append(told->lines, pool_lines(scene, p));
  };
  for (const VirtualServer& service : config.services) {
    if (!names(service, word)) continue;
    if (!told) told = Explanation{.object = service.name, .state = core::word(scene.engine.pools().view(service.pool))};
    append(told->lines, service_lines(scene, service));
    tell_pool(service.pool);
  }
  for (std::size_t p = 0; p < config.pools.size(); ++p)
    if (config.pools[p].name == word && !config.pools[p].tracked) tell_pool(p);
  if (const Vrrp* const router = find_router(config, word)) {
    const vrrp::Status* const status = scene.engine.routers().find(router->router.name);
    if (!told) told = Explanation{.object = router->router.name, .state = core::word(status)};
    if (!told->since && status != nullptr) told->since = status->since;
    append(told->lines, router_lines(scene, *router));
  }
  if (word == "sync" && config.sync) {
    if (!told) told = Explanation{.object = "sync", .state = scene.engine.syncing().synced() ? "synced" : "not synced"};
    append(told->lines, sync_lines(scene));
  }
  return told;
}

/// The sorry server of this name or address, of the first pool that has one.
std::optional<Explanation> explain_sorry(const Scene& scene, std::string_view word) {
  const Config& config = scene.engine.config();
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    const Pool& pool = config.pools[p];
    if (!pool.sorry_server || !called(pool, *pool.sorry_server, word)) continue;
    const bool serves = !scene.engine.pools().view(p).quorum;
    return Explanation{.object = object_name(pool, *pool.sorry_server),
                       .state = serves ? "serves" : "stands by",
                       .since = last_told(scene.engine, pool.name),
                       .lines = sorry_lines(scene, p)};
  }
  return std::nullopt;
}

std::string unknown_object(const Config& config, std::string_view word) {
  std::vector<std::string> names;
  for (const VirtualServer& service : config.services) names.push_back(service.name);
  for (const Vrrp& router : config.vrrps) names.push_back(router.router.name);
  if (config.sync) names.emplace_back("sync");
  for (const Pool& pool : config.pools) {
    if (pool.tracked) continue;
    names.push_back(pool.name);
    for (const Server& server : pool.servers) names.push_back(object_name(pool, server));
  }
  const std::vector<std::string_view> known{names.begin(), names.end()};
  return fmt::format("no server, pool, virtual server or virtual router is called `{}'{}", word,
                     base::suggestion(word, known));
}

}  // namespace

tl::expected<std::string, std::string> explain(const Engine& engine, const Circumstances& circumstances,
                                               const CountTable& counts, std::string_view object, Time now) {
  if (!engine.loaded()) return tl::unexpected{std::string{"no configuration is loaded yet"}};
  const Config& config = engine.config();
  const Scene scene{engine, circumstances, counts, users(config), now};
  if (const auto named = explain_named(scene, object)) return text(*named, circumstances);
  const auto server = find_server(config, object);
  if (!server)
    if (const auto sorry = explain_sorry(scene, object)) return text(*sorry, circumstances);
  if (!server)
    return tl::unexpected{server.error().find("ambiguous") != std::string::npos ? server.error()
                                                                                : unknown_object(config, object)};
  const ServerState& state = engine.pools().server(server->pool, server->server);
  const Pool& pool = config.pools[server->pool];
  return text({.object = object_name(pool, pool.servers[server->server]),
               .state = word(state.state),
               .since = state.since,
               .lines = server_lines(scene, *server)},
              circumstances);
}

std::vector<ipvs::ServiceKey> concerned(const Config& config, std::string_view object) {
  std::vector<bool> pools(config.pools.size(), false);
  for (const VirtualServer& service : config.services)
    if (names(service, object)) pools[service.pool] = true;
  for (std::size_t p = 0; p < pools.size(); ++p)
    if (config.pools[p].name == object) pools[p] = true;
  if (const auto server = find_server(config, object)) pools[server->pool] = true;
  for (std::size_t p = 0; p < pools.size(); ++p)
    if (config.pools[p].sorry_server && called(config.pools[p], *config.pools[p].sorry_server, object)) pools[p] = true;
  std::vector<ipvs::ServiceKey> keys;
  for (const VirtualServer& service : config.services)
    if (pools[service.pool]) keys.insert(keys.end(), service.keys.begin(), service.keys.end());
  return keys;
}

}  // namespace keepalive::core
