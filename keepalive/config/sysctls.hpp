// The kernel settings that a configuration asks for, by their whole names.
#pragma once

#include <array>
#include <map>
#include <string>

#include "config/model.hpp"

namespace keepalive {

/// What switches forwarding on, for IPv4 and IPv6.
inline constexpr auto forwarding_sysctls =
    std::to_array<const char*>({"net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"});

/// "net.ipv4.vs.conntrack" and so on as declared; forwarding where a service with forward = nat needs it.
std::map<std::string, std::string> sysctls(const Config& config);
/// Whether some server of the service is reached by this method, over this family.
bool forwards(const Config& config, const VirtualServer& service, ipvs::Forwarding method, ipvs::Family family);

}  // namespace keepalive
