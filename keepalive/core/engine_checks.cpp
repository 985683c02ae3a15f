// What the engine tells of checks beside states: checks that cannot probe, single failures, certificates that end.
#include <fmt/format.h>

#include <algorithm>

#include "core/engine.hpp"

namespace keepalive::core {

/// Of several checks the one that speaks is named.
std::string Engine::cause(const ServerRef& server, const TargetState& target) const {
  const Pool& pool = config_->pools[server.pool];
  if (checks_of(pool, pool.servers[server.server]).size() < 2 || target.verdict.evidence.empty())
    return target.verdict.evidence;
  return fmt::format("{}: {}", config_->checks[target.check].name, target.verdict.evidence);
}

/// A check that cannot probe says nothing of servers: they keep their state, and somebody must be told.
void Engine::look_for_unable() {
  const auto found = probes_.unable();
  const auto text = [](const std::string& check) { return fmt::format("check {} cannot probe", check); };
  for (const std::string& check : unable_)
    if (!found.contains(check))
      all_clear(text(check),
                {.kind = "CHECK_ABLE", .object = check, .text = fmt::format("check {} probes again", check)});
  unable_.clear();
  for (const auto& [check, one] : found) {
    unable_.insert(check);
    alarm(text(check), {.level = Note::Level::alert,
                        .kind = "CHECK_UNABLE",
                        .object = check,
                        .text = fmt::format("{}: {} probes; first: {}; servers keep their last state", text(check),
                                            one.count, to_string(one.key->endpoint)),
                        .cause = one.state->unable});
  }
}

void Engine::hear(const Failures& failures) {
  for (const Failure& one : failures.list) {
    const TargetState* const target = probes_.find(one.target);
    if (target == nullptr) continue;
    const TargetKey& key = *probes_.where(one.target);
    const ServerRef& user = target->users.front();
    const Pool& pool = config_->pools[user.pool];
    note({.kind = "PROBE_FAILED",
          .object = object_name(pool, pool.servers[user.server]),
          .text = fmt::format("probe {} of {} failed", key.check, to_string(key.endpoint)),
          .cause = one.evidence,
          .of_state = false});
  }
  if (failures.untold != 0)
    note({.kind = "PROBE_FAILED",
          .object = "prober",
          .text = fmt::format("{} more probes failed", failures.untold),
          .of_state = false});
}

void Engine::tell_expiring() {
  for (const std::uint32_t id : probes_.expiring()) {
    const TargetState& target = *probes_.find(id);
    const TargetKey& key = *probes_.where(id);
    const ServerRef& user = target.users.front();
    const Pool& pool = config_->pools[user.pool];
    note({.level = Note::Level::warning,
          .kind = "CERTIFICATE_EXPIRES",
          .object = object_name(pool, pool.servers[user.server]),
          .text = fmt::format("the certificate of {} ends soon, says check {}", to_string(key.endpoint), key.check),
          .cause = target.verdict.evidence});
  }
}

}  // namespace keepalive::core
