#include "core/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/sysctls.hpp"

namespace keepalive::core {
namespace {

class Examination {
 public:
  Examination(const Config& config, const HostFacts& facts) : config_{config}, facts_{facts} {}

  std::vector<Finding> run() {
    look_at_settings();
    look_at_pings();
    for (const VirtualServer& service : config_.services) {
      look_at_addresses(service);
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

  void find(std::string level, std::string what, std::string where, std::string remedy) {
    const Finding finding{std::move(level), std::move(what), std::move(where), std::move(remedy)};
    if (std::find(findings_.begin(), findings_.end(), finding) == findings_.end()) findings_.push_back(finding);
  }

  void look_at_settings() {
    Config needs = config_;
    needs.ip_forward = true;
    for (const auto& [name, wanted] : sysctls(needs))
      if (value(name) != wanted)
        find("fault", fmt::format("{} is {}, wanted {}", name, value(name).empty() ? "missing" : value(name), wanted),
             "[ipvs]", fmt::format("sysctl -w {}={}; look for SETTING_REFUSED in the events", name, wanted));
  }

  /// Group 0 to the highest number is what systemd sets; the kernel's own default allows nobody.
  void look_at_pings() {
    if (!value("net.ipv4.ping_group_range").starts_with("1\t0")) return;
    for (const Check& check : config_.checks)
      if (check.type == CheckType::ping)
        find("fault", "net.ipv4.ping_group_range lets nobody ping", fmt::format("[check {}]", check.name),
             "sysctl -w net.ipv4.ping_group_range='0 2147483647'");
  }

  void look_at_addresses(const VirtualServer& service) {
    std::set<ipvs::Address> wanted;
    for (const ipvs::ServiceKey& key : service.keys)
      if (const auto* vip = std::get_if<ipvs::VipKey>(&key)) wanted.insert(vip->endpoint.address);
    for (const ipvs::VipKey& vip : service.marked) wanted.insert(vip.endpoint.address);
    for (const ipvs::Address& address : wanted)
      if (!facts_.addresses.contains(address))
        find("warning", fmt::format("no interface of this host has {}", to_string(address)), where(service),
             fmt::format("ip address add {}/{} dev INTERFACE, unless the other director holds it now",
                         to_string(address), address.family() == ipvs::Family::ipv4 ? 32 : 128));
  }

  void look_at_removal(const VirtualServer& service) {
    const Pool& pool = config_.pools[service.pool];
    const bool checked = std::any_of(pool.servers.begin(), pool.servers.end(),
                                     [&](const Server& server) { return !checks_of(pool, server).empty(); });
    if (pool.on_failure != OnFailure::remove || !checked) return;
    if (value("net.ipv4.vs.expire_nodest_conn") == "0")
      find("warning", "connections to a server that was taken out hang until they time out", "[ipvs]",
           "expire_nodest_conn = 1 in [ipvs] ends them, or on_failure = quiesce keeps the server in the table");
  }

  void look_at_templates(const VirtualServer& service) {
    if (service.properties.persistence && value("net.ipv4.vs.expire_quiescent_template") == "0")
      find("warning", "clients of a persistent service go on to a server that drains", where(service),
           "expire_quiescent_template = 1 in [ipvs]");
  }

  static std::string where(const VirtualServer& service) { return fmt::format("[virtual_server {}]", service.name); }

  const Config& config_;
  const HostFacts& facts_;
  std::vector<Finding> findings_ = {};
};

}  // namespace

std::vector<std::string> questions(const Config& config) {
  std::vector<std::string> names = {"net.ipv4.ping_group_range", "net.ipv4.vs.expire_nodest_conn",
                                    "net.ipv4.vs.expire_quiescent_template"};
  Config needs = config;
  needs.ip_forward = true;
  for (const auto& [name, wanted] : sysctls(needs)) names.push_back(name);
  return names;
}

std::vector<Finding> examine(const Config& config, const HostFacts& facts) { return Examination{config, facts}.run(); }

}  // namespace keepalive::core
