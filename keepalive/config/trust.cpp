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

std::string more_programs(const Config& before, const Config& after) {
  const auto known = programs(before);
  for (const auto& [argv, user] : programs(after))
    if (!known.contains({argv, user})) return fmt::format("`{}' would run as {}", fmt::join(argv, " "), user);
  return {};
}

std::string more_rights(const Monitor& before, const Monitor& after) {
  if (after.allow > before.allow) return "[monitor] `allow' would be more";
  if (after.trust_edits > before.trust_edits) return "[monitor] `trust_edits' would be switched on";
  if (after.users_path != before.users_path || after.client_ca != before.client_ca)
    return "other users could log in to the monitor";
  if (after.certificate != before.certificate) return "the monitor would have another certificate";
  for (const Monitor::Peer& one : after.peers)
    if (std::ranges::find(before.peers, one) == before.peers.end())
      return fmt::format("[monitor] peer {} would get a token", one.name);
  return {};
}

}  // namespace

std::string overreach(const Config& before, const Config& after) {
  std::string more = more_programs(before, after);
  if (more.empty() && after.monitor) more = more_rights(before.monitor.value_or(Monitor{}), *after.monitor);
  return more;
}

}  // namespace keepalive
