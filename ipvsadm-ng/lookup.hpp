// Addresses and ports for names, from the host's databases: hosts (files, DNS) and /etc/services.
#pragma once

#include <optional>
#include <string_view>

#include "ipvs++/address.hpp"
#include "ipvs++/service.hpp"

namespace ipvsadm {

/// The IPv4 address of a host name, as gethostbyname(3) finds it.
std::optional<ipvs::Address> look_up_host(std::string_view name);
/// The port of a service name in /etc/services, for exactly this protocol.
std::optional<ipvs::Port> look_up_port(std::string_view name, ipvs::Protocol protocol);
/// The name of a protocol in /etc/services; TCP stands for what has none.
const char* database_name(ipvs::Protocol protocol);

}  // namespace ipvsadm
