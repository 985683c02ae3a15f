// Rules between a virtual service and the servers of its pool.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/teller.hpp"

namespace keepalive::config {

/// The sorry server last.
std::vector<const ServerDraft*> all_servers(const PoolDraft& draft);
std::set<ipvs::Family> families_of(const VirtualServer& service);
/// "10.0.0.1:80", or without a port when there is none.
std::string told(const ipvs::Endpoint& endpoint);

/// Tells what the kernel would not take, or would take and never use.
void check_placement(const ServiceDraft& draft, const PoolDraft& pool, Teller& tell);

}  // namespace keepalive::config
