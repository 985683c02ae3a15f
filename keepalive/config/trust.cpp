#include "config/trust.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "config/commands.hpp"

namespace keepalive {
namespace {

using Program = std::pair<std::vector<std::string>, std::string>;

std::set<Program> programs(const Config& config) {
  std::set<Program> all;
  for (const Command* const one : commands(config))
    if (!one->argv.empty()) all.emplace(one->argv, one->user.empty() ? config.global.script_user : one->user);
  return all;
}

std::optional<Overreach> more_programs(const Config& before, const Config& after) {
  const auto known = programs(before);
  for (const auto& [argv, user] : programs(after))
    if (!known.contains({argv, user}))
      return Overreach{fmt::format("`{}' would run as {}", fmt::join(argv, " "), user), "", argv};
  return std::nullopt;
}

std::optional<Overreach> more_rights(const Monitor& before, const Monitor& after) {
  constexpr const char* others = "other users could log in to the monitor";
  if (after.allow > before.allow) return Overreach{"[monitor] `allow' would be more", "allow"};
  if (after.trust_edits > before.trust_edits)
    return Overreach{"[monitor] `trust_edits' would be switched on", "trust_edits"};
  if (after.users_path != before.users_path) return Overreach{others, "users"};
  if (after.client_ca != before.client_ca) return Overreach{others, "client_ca"};
  if (after.certificate != before.certificate)
    return Overreach{"the monitor would have another certificate", "certificate"};
  for (const Monitor::Peer& one : after.peers)
    if (std::ranges::find(before.peers, one) == before.peers.end())
      return Overreach{fmt::format("[monitor] peer {} would get a token", one.name), "peer", {one.name}};
  return std::nullopt;
}

}  // namespace

bool trusts_edits(const Config& config) { return config.monitor && config.monitor->trust_edits; }

std::optional<Overreach> overreach(const Config& before, const Config& after) {
  auto more = more_programs(before, after);
  if (!more && after.monitor) more = more_rights(before.monitor.value_or(Monitor{}), *after.monitor);
  return more;
}

}  // namespace keepalive
