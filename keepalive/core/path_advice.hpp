// What a server may lack that does not answer a probe on the way of its clients' packets (via = path): by direct routing
// and through tunnels it has to take packets for the service's address.
#pragma once

#include <string>
#include <string_view>

#include "config/model.hpp"

namespace keepalive::core {

/// A sentence, which names examples/server/setup; empty where nothing can be said: by nat a server needs nothing of its
/// own. `evidence`: of the probe.
std::string path_advice(const VirtualServer& service, const ipvs::Address& server, std::string_view evidence);

}  // namespace keepalive::core
