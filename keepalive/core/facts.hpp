// Words and sums that status, explain and metrics share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/circumstances.hpp"
#include "core/engine.hpp"

namespace keepalive::core {

/// Services of each pool.
using Users = std::vector<std::vector<const VirtualServer*>>;
Users users(const Config& config);

/// What the kernel counts for a server, summed over the services of its pool.
Counts connections(const Server& server, const std::vector<const VirtualServer*>& services, const CountTable& counts);
/// Of one key of a service; active and inactive are sums of its servers.
Counts connections(const ipvs::ServiceKey& key, const CountTable& counts);
/// Of all its keys.
Counts connections(const VirtualServer& service, const CountTable& counts);

/// The services that a pool's servers stand in.
std::vector<ipvs::ServiceKey> keys_of(const Config& config, std::string_view pool);
/// Those of all services.
std::vector<ipvs::ServiceKey> keys_of(const Config& config);
/// Answers a Count, unless one of the pool's services could not be read.
std::vector<Counted> counted(const Config& config, const Count& order, const CountTable& counts);

/// "interface", "script", …; "immediate", …; the same of a condition as of a server.
std::string_view word(vrrp::Track::Kind kind);
std::string_view word(vrrp::Failback::Kind kind);
std::string_view word(vrrp::Condition condition);
std::string_view word(SyncReport::Resync resync);
/// "unknown": nothing was heard of it yet.
std::string_view word(const vrrp::Status* status);
/// How a tracked thing fares: as its check or its service has it, else as the process of the virtual routers says.
/// `number`: in Instance::track.
std::string_view tracked_word(const Engine& engine, const vrrp::Instance& router, std::size_t number);
/// "up": has its quorum; "panic"; "sorry": its sorry server serves; else "down".
std::string_view word(const PoolView& view);
/// As the file says it: "nat", "dr".
std::string_view word(ipvs::Forwarding forwarding);
/// "drain", "disable", "weight".
std::string_view word(Overlay::Kind kind);

}  // namespace keepalive::core
