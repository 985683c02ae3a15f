#include "core/sync_sentences.hpp"

#include <fmt/format.h>

namespace keepalive::core {
namespace {

std::string age(const Scene& scene, Time since) { return duration(std::max(scene.now - since, Time{0})); }

std::string follow_line(const Scene& scene, const Sync& sync) {
  if (sync.daemons.both) return "both daemons run always: follow = both";
  const auto master = scene.engine.routers().is_master(sync.follow);
  if (!master)
    return fmt::format("it is not known yet whether vrrp {} is master: the daemons stay as they are", sync.follow);
  return fmt::format("vrrp {} is {}: the {} daemon is to run", sync.follow, *master ? "master" : "not master",
                     *master ? "master" : "backup");
}

std::string daemon_line(const Scene& scene, ipvs::DaemonRole role, const Syncing::Role& one) {
  if (!one.since) return fmt::format("the {} daemon: not looked at yet", ipvs::sync::word(role));
  const std::string state = one.actual ? "runs (" + ipvs::sync::describe(*one.actual) + ")" : "does not run";
  return fmt::format("the {} daemon {}, for {}{}", ipvs::sync::word(role), state, age(scene, *one.since),
                     one.fault.empty() ? "" : ": " + one.fault);
}

std::string agent_line(const Syncing& syncing, const Sync& sync) {
  if (sync.peers.empty()) return "no `peer': nobody compares the two directors' connections";
  if (!syncing.report()) return "nothing is heard of the agent that compares the two directors' connections";
  const SyncReport& report = *syncing.report();
  return fmt::format("the other director's agent is {}; {}.{} % of connections agree, {} % must; resync: {}",
                     report.connected ? "connected" : "not connected", report.parity_permille / 10,
                     report.parity_permille % 10, sync.share, word(report.resync));
}

}  // namespace

Lines sync_lines(const Scene& scene) {
  const Sync& sync = *scene.engine.config().sync;
  const Syncing& syncing = scene.engine.syncing();
  Lines lines{fmt::format("connections are synced on {}, id {}", sync.daemons.interface, sync.daemons.id.value),
              follow_line(scene, sync)};
  for (const auto& [role, one] : syncing.roles()) lines.push_back(daemon_line(scene, role, one));
  if (!syncing.addressed())
    lines.push_back(fmt::format("{} has no IPv4 address for the kernel to send from", sync.daemons.interface));
  lines.push_back(agent_line(syncing, sync));
  return lines;
}

}  // namespace keepalive::core
