#include "core/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/commands.hpp"
#include "config/sysctls.hpp"
#include "config/warnings.hpp"

namespace keepalive::core {
namespace {

std::string where(const VirtualServer& service) { return fmt::format("[virtual_server {}]", service.name); }
std::string where(const Pool& pool) { return fmt::format("[pool {}]", pool.name); }

std::set<ipvs::Address> addresses(const VirtualServer& service) {
  std::set<ipvs::Address> all;
  for (const ipvs::ServiceKey& key : service.keys)
    if (const auto* vip = std::get_if<ipvs::VipKey>(&key)) all.insert(vip->endpoint.address);
  for (const ipvs::VipKey& vip : service.marked) all.insert(vip.endpoint.address);
  return all;
}

/// Who runs programs, and what for: "[global] script_user" or the program's first word.
std::map<std::string, std::string> program_users(const Config& config) {
  std::map<std::string, std::string> users;
  for (const Command* command : commands(config))
    if (!command->argv.empty())
      users.emplace(command->user.empty() ? config.global.script_user : command->user, command->argv.front());
  return users;
}

/// The configuration with all that services need switched on.
Config needy(const Config& config) {
  Config needs = config;
  needs.ip_forward = true;
  return needs;
}

class Examination {
 public:
  Examination(const Engine& engine, const Circumstances& circumstances, const HostFacts& facts)
      : engine_{engine}, config_{engine.config()}, circumstances_{circumstances}, facts_{facts} {}

  std::vector<Finding> run() {
    look_at_configuration();
    look_at_troubles();
    look_at_table();
    look_at_pools();
    look_at_checks();
    look_at_settings();
    look_at_paths();
    look_at_pings();
    look_at_programs();
    for (Finding& one : examine_routers(engine_, facts_)) findings_.push_back(std::move(one));
    for (Finding& one : examine_sync(engine_, facts_)) findings_.push_back(std::move(one));
    for (const VirtualServer& service : config_.services) {
      look_at_addresses(service);
      look_at_servers(service);
      look_at_removal(service);
      look_at_templates(service);
    }
    return std::move(findings_);
  }

 private:
  std::string value(const std::string& sysctl) const {
    const auto found = facts_.sysctls.find(sysctl);
    return found == facts_.sysctls.end() ? "" : found->second;
  }

  void find(std::string level, std::string what, std::string place, std::string remedy) {
    const Finding finding{std::move(level), std::move(what), std::move(place), std::move(remedy)};
    if (std::find(findings_.begin(), findings_.end(), finding) == findings_.end()) findings_.push_back(finding);
  }

  // ---- What the daemon knows

  void look_at_configuration() {
    const std::string& fault = circumstances_.fault;
    if (!fault.empty())
      find("fault",
           fmt::format("the file has faults, and {} is in force: {}",
                       circumstances_.last_good ? "a kept configuration" : "the configuration before",
                       fault.substr(0, fault.find('\n'))),
           circumstances_.path, "keepalive --check tells all of them; then keepalivectl reload");
  }

  void look_at_troubles() {
    for (const std::string& text : engine_.refusals())
      find("fault", "the kernel refuses: " + text, "table",
           "see whether the module is there (modprobe ip_vs, ip_vs_SCHEDULER); it is tried again every 30 s");
    for (const std::string& text : engine_.alarms())
      find("fault", text, "daemon", "the log and keepalivectl events say since when and why");
    for (const std::string& text : engine_.drift())
      find("warning", "others changed what is ours: " + text, "kernel",
           "keepalivectl reload writes it again; with drift = repair in [global] that needs nobody");
  }

  /// As it is now, not as the last look after drift found it.
  void look_at_table() {
    constexpr std::size_t most = 20;
    const std::vector<std::string> told = engine_.drift();
    const bool repairs = config_.global.drift == Drift::repair && config_.global.drift_interval.count() != 0;
    const std::string remedy = repairs ? fmt::format("it is written again within {}, at once by keepalivectl reload",
                                                     duration(Time{config_.global.drift_interval}))
                                       : "keepalivectl reload writes it again";
    if (!facts_.table_fault.empty())
      find("fault", "the kernel's table cannot be read: " + facts_.table_fault, "kernel", "modprobe ip_vs");
    std::size_t count = 0;
    for (const std::string& text : facts_.differences)
      if (std::find(told.begin(), told.end(), text) == told.end() && ++count <= most)
        find("warning", "the kernel's table is not as wanted; what puts it right: " + text, "kernel", remedy);
    if (count > most) find("warning", fmt::format("{} more differences", count - most), "kernel", remedy);
  }

  void look_at_checks() {
    for (const std::size_t check : config::unused_checks(config_))
      find("warning", "no pool uses this check", fmt::format("[check {}]", config_.checks[check].name),
           "check = NAME in a pool, or take it out of the file");
    for (const Pool& pool : config_.pools)
      if (const std::size_t count = config::unchecked_servers(pool); count != 0)
        find("warning",
             fmt::format("{} of {} servers have no check: they count as up for ever", count, pool.servers.size()),
             where(pool), "check = NAME in the pool or on the server's line");
    for (const std::string& text : engine_.dropped())
      find("warning", text, "configuration", "keepalivectl drain, disable or weight say it of a server that is there");
  }

  void look_at_pools() {
    std::set<std::size_t> used;
    for (const VirtualServer& service : config_.services) used.insert(service.pool);
    for (const std::size_t p : used) {
      const Pool& pool = config_.pools[p];
      const PoolView& view = engine_.pools().view(p);
      const std::string remedy = "keepalivectl explain " + pool.name + " says what its servers lack";
      const bool serves = std::any_of(view.servers.begin(), view.servers.end(),
                                      [](const Placement& placed) { return placed.value_or(0) > 0; });
      if (!serves && view.sorry.value_or(0) == 0)
        find("fault", "no server takes new connections", where(pool), remedy);
      else if (!view.quorum)
        find("fault", fmt::format("no quorum: weight {} of {}", view.weight_up, pool.quorum), where(pool), remedy);
      if (view.panic) find("warning", "servers that are down stay in service: panic", where(pool), remedy);
    }
  }

  // ---- What the host is like

  void look_at_settings() {
    for (const auto& [name, wanted] : sysctls(needy(config_)))
      if (value(name) != wanted)
        find("fault", fmt::format("{} is {}, wanted {}", name, value(name).empty() ? "missing" : value(name), wanted),
             "[ipvs]", fmt::format("sysctl -w {}={}; look for SETTING_REFUSED in the events", name, wanted));
  }

  void look_at_paths() {
    for (const ipvs::Address& server : behind_paths(config_, engine_.probes().paths())) {
      const auto towards = facts_.towards.find(server);
      if (towards == facts_.towards.end() || !facts_.strict.contains(towards->second)) continue;
      find("fault", fmt::format("strict rp_filter drops answers to probes with via = path on {}", towards->second),
           "[ipvs]", fmt::format("rp_filter = auto, or sysctl -w net/ipv4/conf/{}/rp_filter=2", towards->second));
    }
  }

  /// Group 0 to the highest number is what systemd sets; the kernel's own default allows nobody.
  void look_at_pings() {
    if (!value("net.ipv4.ping_group_range").starts_with("1\t0")) return;
    for (const Check& check : config_.checks)
      if (check.type == CheckType::ping)
        find("fault", "net.ipv4.ping_group_range lets nobody ping", fmt::format("[check {}]", check.name),
             "sysctl -w net.ipv4.ping_group_range='0 2147483647'");
  }

  void look_at_programs() {
    for (const auto& [user, program] : program_users(config_))
      if (!facts_.users.contains(user))
        find("warning", fmt::format("there is no user {}: {} runs as nobody", user, program), "[global] script_user",
             "useradd --system --no-create-home " + user);
    const auto grouped = std::find_if(config_.services.begin(), config_.services.end(),
                                      [](const VirtualServer& service) { return !service.marked.empty(); });
    if (grouped != config_.services.end() && !facts_.nft)
      find("fault", "nft is missing: nothing marks the packets of grouped services", where(*grouped),
           "install the package nftables");
    const auto refusing =
        std::find_if(config_.vrrps.begin(), config_.vrrps.end(), [](const Vrrp& one) { return !one.router.accept; });
    if (refusing != config_.vrrps.end() && !facts_.nft)
      find("fault", "nft is missing: what comes to virtual addresses is accepted",
           fmt::format("[vrrp {}]", refusing->router.name), "install the package nftables");
  }

  void look_at_addresses(const VirtualServer& service) {
    for (const ipvs::Address& address : addresses(service)) {
      const auto held = facts_.addresses.find(address);
      if (held == facts_.addresses.end())
        find("warning", fmt::format("no interface of this host has {}", to_string(address)), where(service),
             fmt::format("ip address add {}/{} dev INTERFACE, unless the other director holds it now",
                         to_string(address), address.family() == ipvs::Family::ipv4 ? 32 : 128));
      else if (facts_.down.contains(held->second))
        find("fault", fmt::format("{}, which has {}, is down", held->second, to_string(address)), where(service),
             fmt::format("ip link set {} up", held->second));
    }
  }

  void look_at_servers(const VirtualServer& service) {
    const std::set<ipvs::Address> own = addresses(service);
    const Pool& pool = config_.pools[service.pool];
    for (const Server& server : pool.servers) {
      const ipvs::Address& address = server.endpoint.address;
      const auto towards = facts_.towards.find(address);
      if (own.contains(address))
        find("warning", fmt::format("server {} has the address of the service itself", server.name), where(service),
             "name the server's own address: packets to the service's address stay on this host");
      else if (towards == facts_.towards.end())
        find("fault", fmt::format("there is no route to server {}", server.name), where(pool),
             fmt::format("ip route add {} via GATEWAY", to_string(address)));
      else if (facts_.down.contains(towards->second))
        find("fault", fmt::format("{}, the way to server {}, is down", towards->second, server.name), where(pool),
             fmt::format("ip link set {} up", towards->second));
    }
  }

  void look_at_removal(const VirtualServer& service) {
    const Pool& pool = config_.pools[service.pool];
    const bool checked = std::any_of(pool.servers.begin(), pool.servers.end(),
                                     [&](const Server& server) { return !checks_of(pool, server).empty(); });
    if (pool.on_failure != OnFailure::remove || !checked) return;
    if (value("net.ipv4.vs.expire_nodest_conn") == "0")
      find("warning", "when a server is taken out, its connections will hang until they time out", "[ipvs]",
           "expire_nodest_conn = 1 in [ipvs] ends them, or on_failure = quiesce keeps the server in the table");
  }

  void look_at_templates(const VirtualServer& service) {
    if (service.properties.persistence && value("net.ipv4.vs.expire_quiescent_template") == "0")
      find("warning", "clients of a persistent service go on to a server that drains", where(service),
           "expire_quiescent_template = 1 in [ipvs]");
  }

  const Engine& engine_;
  const Config& config_;
  const Circumstances& circumstances_;
  const HostFacts& facts_;
  std::vector<Finding> findings_ = {};
};

}  // namespace

Questions questions(const Config& config) {
  Questions all;
  all.sysctls = {"net.ipv4.ping_group_range", "net.ipv4.vs.expire_nodest_conn",
                 "net.ipv4.vs.expire_quiescent_template"};
  for (const auto& [name, wanted] : sysctls(needy(config))) all.sysctls.push_back(name);
  for (const VirtualServer& service : config.services)
    for (const Server& server : config.pools[service.pool].servers) all.servers.insert(server.endpoint.address);
  for (const auto& [user, program] : program_users(config)) all.users.insert(user);
  if (config.sync)
    for (const ipvs::Endpoint& peer : config.sync->peers) all.peers.insert(peer.address);
  return all;
}

std::vector<Finding> examine(const Engine& engine, const Circumstances& circumstances, const HostFacts& facts) {
  return Examination{engine, circumstances, facts}.run();
}

}  // namespace keepalive::core
