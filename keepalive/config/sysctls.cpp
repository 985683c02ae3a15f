#include "config/sysctls.hpp"

#include <algorithm>

namespace keepalive {

bool forwards(const Config& config, const VirtualServer& service, ipvs::Forwarding method, ipvs::Family family) {
  const Pool& pool = config.pools[service.pool];
  const auto so = [&](const Server& server) {
    return server.forwarding.value_or(service.forwarding) == method && server.endpoint.address.family() == family;
  };
  return std::any_of(pool.servers.begin(), pool.servers.end(), so) || (pool.sorry_server && so(*pool.sorry_server));
}

std::map<std::string, std::string> sysctls(const Config& config) {
  std::map<std::string, std::string> all;
  for (const auto& [name, value] : config.sysctls) all.emplace("net.ipv4.vs." + name, value);
  if (!config.ip_forward) return all;
  for (const VirtualServer& service : config.services) {
    if (forwards(config, service, ipvs::Forwarding::masquerade, ipvs::Family::ipv4)) all[forwarding_sysctls[0]] = "1";
    if (forwards(config, service, ipvs::Forwarding::masquerade, ipvs::Family::ipv6)) all[forwarding_sysctls[1]] = "1";
  }
  return all;
}

}  // namespace keepalive
