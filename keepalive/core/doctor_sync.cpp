#include <fmt/format.h>

#include <algorithm>

#include "core/doctor.hpp"
#include "sync/doctor.hpp"

namespace keepalive::core {
namespace {

class SyncExamination {
 public:
  SyncExamination(const Engine& engine, const HostFacts& facts)
      : sync_{*engine.config().sync}, syncing_{engine.syncing()}, facts_{facts} {}

  std::vector<Finding> run() {
    look_at_interface();
    look_at_daemons();
    look_at_hops();
    look_at_way();
    return std::move(findings_);
  }

 private:
  void find(std::string level, std::string what, std::string remedy) {
    findings_.push_back({std::move(level), std::move(what), "[sync]", std::move(remedy)});
  }

  void look_at_interface() {
    const std::string& name = sync_.daemons.interface;
    if (!facts_.interfaces.contains(name))
      return find("fault", fmt::format("there is no interface {}", name), "ip link show; interface = NAME in [sync]");
    if (facts_.down.contains(name))
      find("fault", fmt::format("{}, where connections are synced, is down", name),
           fmt::format("ip link set {} up", name));
    if (!ipvs::sync::needs_ipv4(sync_.daemons.group)) return;
    const bool addressed = std::any_of(facts_.addresses.begin(), facts_.addresses.end(), [&](const auto& one) {
      return one.first.family() == ipvs::Family::ipv4 && one.second == name;
    });
    if (!addressed)
      find("fault",
           fmt::format("{} has no IPv4 address: the kernel sends sync messages from that of another interface, or from "
                       "none",
                       name),
           fmt::format("ip address add ADDRESS/PREFIX dev {}; then ipvsadm-ng --stop-daemon master: started again, it "
                       "takes the address",
                       name));
  }

  void look_at_daemons() {
    if (!syncing_.wanted())
      return find("warning", fmt::format("no sync daemon was started: nothing is heard of vrrp {} yet", sync_.follow),
                  fmt::format("keepalivectl explain {}", sync_.follow));
    for (const auto& [role, one] : syncing_.roles())
      if (one.wanted && one.since && !one.actual)
        find("fault", fmt::format("the {} daemon does not run", ipvs::sync::word(role)),
             "keepalivectl explain sync says why; it is tried again every 5 s");
  }

  /// The kernel's default TTL leaves the network of the interface never.
  void look_at_hops() {
    if (sync_.transport != Sync::Transport::multicast || sync_.daemons.ttl > 1) return;
    for (const ipvs::Endpoint& peer : sync_.peers) {
      const auto near = facts_.near.find(peer.address);
      if (near != facts_.near.end() && near->second == sync_.daemons.interface) continue;
      find("warning",
           fmt::format("{} is not on the network of {}, which multicast with ttl = 1 does not leave",
                       to_string(peer.address), sync_.daemons.interface),
           "name the interface that leads there; or transport = relay; or ttl = 2 and more, if routers pass multicast "
           "on");
    }
  }

  /// What the agent has found out by trying.
  void look_at_way() {
    const auto& report = syncing_.report();
    if (!report || !report->whole) return;
    const ipvs::sync::Facts here{.host = "this director",
                                 .interface = sync_.daemons.interface,
                                 .relay = sync_.transport == Sync::Transport::relay};
    for (const ipvs::sync::PeerReport& peer : report->whole->peers)
      for (const ipvs::sync::Finding& one : examine(here, peer))
        find(one.fatal ? "fault" : "warning", one.what, one.remedy);
  }

  const Sync& sync_;
  const Syncing& syncing_;
  const HostFacts& facts_;
  std::vector<Finding> findings_ = {};
};

}  // namespace

std::vector<Finding> examine_sync(const Engine& engine, const HostFacts& facts) {
  if (!engine.config().sync) return {};
  return SyncExamination{engine, facts}.run();
}

}  // namespace keepalive::core
