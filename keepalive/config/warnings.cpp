#include "config/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/heartbeat_keys.hpp"
#include "config/monitor_keys.hpp"
#include "config/sync_keys.hpp"

namespace keepalive::config {
namespace {

base::Diagnostic warning(const base::ini::Section& section, std::string text) {
  return {section.at, std::move(text), std::string{section.source}, base::Diagnostic::Kind::warning};
}

std::string unchecked_text(const Pool& pool) {
  const std::size_t count = unchecked_servers(pool);
  if (count == pool.servers.size())
    return fmt::format("pool {} has no check: its servers count as up for ever", pool.name);
  return fmt::format("{} of {} servers of pool {} have no check: they count as up for ever", count, pool.servers.size(),
                     pool.name);
}

}  // namespace

std::vector<std::size_t> unused_checks(const Config& config) {
  std::vector<bool> used(config.checks.size(), false);
  for (const Pool& pool : config.pools)
    for (const Server& server : pool.servers)
      for (const std::size_t check : checks_of(pool, server)) used[check] = true;
  std::vector<std::size_t> unused;
  for (std::size_t i = 0; i < used.size(); ++i)
    if (!used[i]) unused.push_back(i);
  return unused;
}

std::size_t unchecked_servers(const Pool& pool) {
  return static_cast<std::size_t>(std::count_if(pool.servers.begin(), pool.servers.end(),
                                                [&](const Server& server) { return checks_of(pool, server).empty(); }));
}

Diagnostics warnings(const Draft& draft) {
  Diagnostics list;
  for (const std::size_t check : unused_checks(draft.config))
    list.push_back(
        warning(*draft.checks[check].section, fmt::format("no pool uses check {}", draft.config.checks[check].name)));
  for (std::size_t p = 0; p < draft.pools.size(); ++p)
    if (unchecked_servers(draft.config.pools[p]) != 0)
      list.push_back(warning(*draft.pools[p].section, unchecked_text(draft.config.pools[p])));
  for (const Diagnostics& more : {heartbeat_warnings(draft), sync_warnings(draft), monitor_warnings(draft)})
    list.insert(list.end(), more.begin(), more.end());
  return list;
}

}  // namespace keepalive::config
