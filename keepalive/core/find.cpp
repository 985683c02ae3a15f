#include "core/find.hpp"

#include <fmt/format.h>

#include <vector>

#include "base/diagnostics.hpp"
#include "core/pools.hpp"

namespace keepalive::core {
namespace {

/// The first of them, with commas between.
std::string list(std::vector<std::string> names) {
  constexpr std::size_t most = 10;
  if (names.size() > most) {
    names.resize(most);
    names.emplace_back("…");
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

bool called(const Pool& pool, const Server& server, std::string_view word) {
  if (const auto slash = word.find('/'); slash != std::string_view::npos) {
    if (word.substr(0, slash) != pool.name) return false;
    word.remove_prefix(slash + 1);
  }
  return server.name == word || to_string(server.endpoint) == word || to_string(server.endpoint.address) == word;
}

tl::expected<ServerRef, std::string> find_server(const Config& config, std::string_view word) {
  std::vector<ServerRef> found;
  std::vector<std::string> names;
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    if (config.pools[p].tracked) continue;  // no server, but what a virtual router tracks
    for (std::size_t s = 0; s < config.pools[p].servers.size(); ++s) {
      const std::string name = object_name(config.pools[p], config.pools[p].servers[s]);
      if (name == word) return ServerRef{p, s};
      if (!called(config.pools[p], config.pools[p].servers[s], word)) continue;
      found.push_back({p, s});
      names.push_back(name);
    }
  }
  if (found.size() == 1) return found.front();
  if (!found.empty()) return tl::unexpected{fmt::format("`{}' is ambiguous: {}", word, list(names))};
  for (const Pool& pool : config.pools) {
    if (pool.tracked) continue;
    for (const Server& server : pool.servers) names.push_back(object_name(pool, server));
    if (pool.name != word) continue;
    names.erase(names.begin(), names.end() - static_cast<std::ptrdiff_t>(pool.servers.size()));
    return tl::unexpected{fmt::format("`{}' is a pool; its servers: {}", word, list(names))};
  }
  const std::vector<std::string_view> known{names.begin(), names.end()};
  return tl::unexpected{fmt::format("no server is called `{}'{}", word, base::suggestion(word, known))};
}

std::string no_router(const Config& config, std::string_view name) {
  std::vector<std::string_view> known;
  for (const Vrrp& one : config.vrrps) known.push_back(one.router.name);
  return fmt::format("no virtual router is called `{}'{}", name, base::suggestion(name, known));
}

}  // namespace keepalive::core
