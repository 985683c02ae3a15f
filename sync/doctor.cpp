#include "sync/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "sync/roles.hpp"

namespace ipvs::sync {
namespace {

using Findings = std::vector<Finding>;

const Daemon* daemon_of(const Facts& side, DaemonRole role) {
  if (!side.daemons) return nullptr;
  const auto found =
      std::find_if(side.daemons->begin(), side.daemons->end(), [&](const Daemon& one) { return one.role == role; });
  return found != side.daemons->end() ? &*found : nullptr;
}

std::string setting(const Facts& side, const std::string& name) {
  const auto found = side.sysctls.find(name);
  return found != side.sysctls.end() ? found->second : "";
}

void look_at_interface(const Facts& side, Findings& findings) {
  const std::string& name = side.interface;
  if (side.mtu == 0) {
    findings.push_back(
        {true, fmt::format("{}: there is no interface {}", side.host, name), "create it, or name another"});
    return;
  }
  if (!side.up)
    findings.push_back({true, fmt::format("{}: {} is down or has no carrier", side.host, name),
                        fmt::format("ip link set {} up; look at the cable", name)});
  const Daemon* const master = daemon_of(side, DaemonRole::master);
  const bool unbound = master != nullptr && !needs_ipv4(master->group);
  const bool bound = unbound || std::any_of(side.addresses.begin(), side.addresses.end(),
                                            [](const std::string& one) { return one.find('.') != std::string::npos; });
  if (!bound)
    findings.push_back({true,
                        fmt::format("{}: {} has no IPv4 address, which the kernel's sender binds to", side.host, name),
                        fmt::format("ip address add ADDRESS/PREFIX dev {}", name)});
}

void look_at_daemons(const Facts& side, Findings& findings) {
  if (!side.daemons) return;
  const Daemon* const master = daemon_of(side, DaemonRole::master);
  const Daemon* const backup = daemon_of(side, DaemonRole::backup);
  if (master == nullptr && backup == nullptr)
    findings.push_back({true, fmt::format("{}: no sync daemon runs", side.host),
                        "[sync] in keepalive.conf, or ipvsadm --start-daemon"});
  if (master != nullptr && backup != nullptr && setting(side, "backup_only") == "1")
    findings.push_back(
        {true, fmt::format("{}: both daemons run and backup_only is 1: the kernel forwards nothing", side.host),
         "sysctl net.ipv4.vs.backup_only=0"});
  for (const Daemon* one : {master, backup}) {
    if (one == nullptr) continue;
    if (one->interface != side.interface)
      findings.push_back(
          {true, fmt::format("{}: a daemon speaks on {}, not on {}", side.host, one->interface, side.interface),
           "name the same interface everywhere"});
  }
  if (master == nullptr) return;
  const std::uint32_t most = setting(side, "sync_version") == "0" ? longest_whole(0) : longest_whole(1);
  if (master->max_length > most)
    findings.push_back({true,
                        fmt::format("{}: max_length {} lets a datagram hold more than 255 entries; the count "
                                    "wraps and the rest is lost",
                                    side.host, master->max_length),
                        fmt::format("max_length = {} or less", most)});
  if (side.mtu != 0 && master->max_length + headers(*master) > side.mtu)
    findings.push_back({false,
                        fmt::format("{}: datagrams of {} bytes are cut in fragments on {} (MTU {}); they are lost "
                                    "more easily, and the mirror does not see them",
                                    side.host, master->max_length, side.interface, side.mtu),
                        fmt::format("max_length = {}", side.mtu - headers(*master))});
}

std::string text_of(const Daemon& daemon) {
  return fmt::format("{}:{}", to_string(daemon.group.value_or(default_group)), daemon.port.value);
}

void look_at_way(const Facts& from, const Facts& to, Findings& findings) {
  const Daemon* const master = daemon_of(from, DaemonRole::master);
  const Daemon* const backup = daemon_of(to, DaemonRole::backup);
  if (master != nullptr && to.daemons && backup == nullptr)
    findings.push_back({true, fmt::format("{} sends, and {} runs no backup daemon", from.host, to.host),
                        fmt::format("start the backup daemon on {}", to.host)});
  if (master == nullptr || backup == nullptr) return;
  if (backup->sync_id.value != 0 && backup->sync_id != master->sync_id)
    findings.push_back({true,
                        fmt::format("{} sends with id {}, {} takes id {} only", from.host, master->sync_id.value,
                                    to.host, backup->sync_id.value),
                        "id = the same on both"});
  if (text_of(*master) != text_of(*backup))
    findings.push_back(
        {true, fmt::format("{} sends to {}, {} listens at {}", from.host, text_of(*master), to.host, text_of(*backup)),
         "group and port = the same on both"});
  if (master->max_length > backup->max_length && backup->max_length != 0)
    findings.push_back({true,
                        fmt::format("{} sends up to {} bytes, {} takes {}: what is longer is dropped silently",
                                    from.host, master->max_length, to.host, backup->max_length),
                        "max_length = the same on both"});
}

std::uint32_t ports(const Facts& side) {
  return base::read_number<std::uint32_t>(setting(side, "sync_ports")).value_or(1);
}

}  // namespace

std::vector<Finding> examine(const Facts& side) {
  Findings findings;
  look_at_interface(side, findings);
  look_at_daemons(side, findings);
  return findings;
}

std::vector<Finding> examine(const Facts& here, const Facts& there) {
  Findings findings;
  look_at_way(here, there, findings);
  look_at_way(there, here, findings);
  if (ports(here) > ports(there) || ports(there) > ports(here))
    findings.push_back({true,
                        fmt::format("{} uses {} ports, {} uses {}: what goes to the others is heard by nobody",
                                    here.host, ports(here), there.host, ports(there)),
                        "ports = the same on both"});
  for (const char* name : {"sync_version", "sync_threshold", "sync_refresh_period", "sync_persist_mode", "sloppy_tcp"})
    if (!setting(here, name).empty() && !setting(there, name).empty() && setting(here, name) != setting(there, name))
      findings.push_back({false,
                          fmt::format("net.ipv4.vs.{} is {} on {} and {} on {}", name, setting(here, name), here.host,
                                      setting(there, name), there.host),
                          "the same on both"});
  if (here.relay != there.relay)
    findings.push_back(
        {true,
         fmt::format("{} relays, {} does not", (here.relay ? here : there).host, (here.relay ? there : here).host),
         "transport = the same on both"});
  return findings;
}

std::vector<Finding> examine(const Facts& here, const PeerReport& peer) {
  Findings findings;
  if (!peer.connected) return findings;
  const std::string other = to_string(peer.peer);
  if (here.relay && !peer.relay_up)
    findings.push_back({true, fmt::format("no relay packets come from {}, or none from here come there", other),
                        fmt::format("is UDP port {} open both ways?", peer.peer.port.value)});
  constexpr auto remedy =
      "the same network at both ends? a switch that forgets groups (IGMP snooping without a querier)? a filter for the "
      "port? else transport = relay";
  if (peer.reaches == false)
    findings.push_back(
        {true, fmt::format("multicast from {} on {} does not come to {}", here.host, here.interface, peer.host),
         remedy});
  if (peer.reached == false)
    findings.push_back(
        {true, fmt::format("multicast from {} does not come to {} on {}", peer.host, here.host, here.interface),
         remedy});
  return findings;
}

std::vector<Finding> examine(const Facts& here, const std::vector<ServerCount>& servers) {
  constexpr std::uint64_t few = 10;  // come and go while one counts
  Findings findings;
  for (const ServerCount& one : servers) {
    const std::uint64_t counted = one.kernel.value_or(0);
    if (one.mirror <= counted + few + one.mirror / 100) continue;
    const std::string server = to_string(one.server);
    if (!one.kernel)
      findings.push_back(
          {false,
           fmt::format("{}: {} connections to {} were synced, which no service here has for a server", here.host,
                       one.mirror, server),
           "the same services and servers on both; those of a server that was removed go by themselves"});
    else
      findings.push_back(
          {true,
           fmt::format("{}: {} connections to {} were synced, and the kernel has {}", here.host, one.mirror, server,
                       counted),
           "does the backup daemon run, with the id that is sent, and is socket_size large enough? then ipvs-sync "
           "resync"});
  }
  return findings;
}

}  // namespace ipvs::sync
