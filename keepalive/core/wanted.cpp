#include "core/wanted.hpp"

namespace keepalive::core {
namespace {

ipvs::Destination destination(const VirtualServer& service, const ipvs::ServiceKey& key, const Server& server,
                              std::int32_t weight) {
  return {.endpoint = placed(key, server),
          .forwarding = server.forwarding.value_or(service.forwarding),
          .weight = weight,
          .thresholds = server.thresholds,
          .tunnel = server.tunnel.value_or(service.tunnel)};
}

/// The hidden service that leads the packets of a probe to its server.
ipvs::TableService hidden(const Config& config, const Path& path) {
  const VirtualServer& service = config.services[path.service];
  const Server& server = config.pools[path.server.pool].servers[path.server.server];
  const ipvs::ServiceKey& visible = service.marked.empty() ? service.keys.front() : service.marked.front();
  ipvs::Destination only = destination(service, visible, server, 1);
  only.thresholds = {};
  return {.service = {.key = path.mark, .scheduler = "rr"}, .destinations = {only}};
}

}  // namespace

ipvs::Endpoint placed(const ipvs::ServiceKey& service, const Server& server) {
  const auto* vip = std::get_if<ipvs::VipKey>(&service);
  const bool own = vip == nullptr || server.endpoint.port.value != 0;
  return {server.endpoint.address, own ? server.endpoint.port : vip->endpoint.port};
}

std::vector<ipvs::TableService> table_services(const Config& config, const VirtualServer& service,
                                               const PoolView& view) {
  const Pool& pool = config.pools[service.pool];
  std::vector<ipvs::TableService> list;
  for (const ipvs::ServiceKey& key : service.keys) {
    ipvs::TableService entry{.service = service.properties};
    entry.service.key = key;
    entry.service = canonical(std::move(entry.service));
    entry.destinations.reserve(pool.servers.size() + 1);
    for (std::size_t s = 0; s < pool.servers.size(); ++s)
      if (view.servers[s]) entry.destinations.insert(destination(service, key, pool.servers[s], *view.servers[s]));
    if (view.sorry) entry.destinations.insert(destination(service, key, *pool.sorry_server, *view.sorry));
    list.push_back(std::move(entry));
  }
  return list;
}

ipvs::Table whole_table(const Config& config, const Pools& pools, const std::vector<Path>& paths) {
  ipvs::Table table;
  for (const VirtualServer& service : config.services)
    for (ipvs::TableService& entry : table_services(config, service, pools.view(service.pool)))
      table.emplace(entry.service.key, std::move(entry));
  table.merge(path_table(config, paths));
  return table;
}

ipvs::Table path_table(const Config& config, const std::vector<Path>& paths) {
  ipvs::Table table;
  for (const Path& path : paths) table.emplace(path.mark, hidden(config, path));
  return table;
}

std::set<ipvs::Address> behind_paths(const Config& config, const std::vector<Path>& paths) {
  std::set<ipvs::Address> list;
  for (const Path& path : paths) {
    const VirtualServer& service = config.services[path.service];
    const Server& server = config.pools[path.server.pool].servers[path.server.server];
    const auto method = server.forwarding.value_or(service.forwarding);
    const bool keeps_address = method == ipvs::Forwarding::direct_route || method == ipvs::Forwarding::tunnel;
    if (keeps_address && path.mark.family == ipvs::Family::ipv4) list.insert(server.endpoint.address);
  }
  return list;
}

}  // namespace keepalive::core
