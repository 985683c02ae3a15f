// Setters of [virtual_server] that no pattern of setters.hpp fits, and of what others have in common with it.
#pragma once

#include "config/schema.hpp"

namespace keepalive::config {

Fault set_address(Sink& sink, const Key&, std::string_view value);
Fault set_pool(Sink& sink, const Key&, std::string_view value);
Fault set_flags(Sink& sink, const Key&, std::string_view value);
Fault set_one_packet(Sink& sink, const Key&, std::string_view value);
Fault set_netmask(Sink& sink, const Key&, std::string_view value);
Fault set_tunnel_port(Sink& sink, const Key&, std::string_view value);
/// Sets the checksum words of a tunnel.
Fault set_checksum(std::string_view value, ipvs::Tunnel& tunnel);
Fault set_tunnel_checksum(Sink& sink, const Key&, std::string_view value);
Fault set_when(Sink& sink, const Key& key, std::string_view value);
Fault set_check_when(Sink& sink, const Key& key, std::string_view value);
Fault set_persistence(Sink& sink, const Key& key, std::string_view value);

}  // namespace keepalive::config
