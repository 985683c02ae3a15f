// The kernel's table as it should be: the services of the configuration with the servers that their pools' views have
// in service, and a hidden service for each probe through the forwarding path.
#pragma once

#include <set>
#include <vector>

#include "config/model.hpp"
#include "core/pools.hpp"
#include "core/probes.hpp"
#include "ipvs++/table.hpp"

namespace keepalive::core {

/// Where a server stands in a service: its own port, or the service's.
ipvs::Endpoint placed(const ipvs::ServiceKey& service, const Server& server);

/// The table entries of one service.
std::vector<ipvs::TableService> table_services(const Config& config, const VirtualServer& service,
                                               const PoolView& view);

ipvs::Table whole_table(const Config& config, const Pools& pools, const std::vector<Path>& paths);
/// The hidden services of it.
ipvs::Table path_table(const Config& config, const std::vector<Path>& paths);

/// Servers that probes of IPv4 services reach by direct routing or a tunnel, be it one of IPv6. Their replies come from
/// the service's address, by IPv4, where the server is.
std::set<ipvs::Address> behind_paths(const Config& config, const std::vector<Path>& paths);

}  // namespace keepalive::core
