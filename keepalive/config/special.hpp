// Setters and printers of keys that no pattern of setters.hpp fits.
#pragma once

#include "config/schema.hpp"

namespace keepalive::config {

Fault set_include(Sink&, const Key&, std::string_view value);
/// What is wrong with a pattern of paths; empty: nothing.
Fault include_fault(std::string_view value);
Fault set_recipients(Sink& sink, const Key&, std::string_view value);
Fault set_marks(Sink& sink, const Key&, std::string_view value);
Fault set_path_marks(Sink& sink, const Key&, std::string_view value);
Fault set_sysctl(Sink& sink, const Key& key, std::string_view value);
Fault set_listen(Sink& sink, const Key&, std::string_view value);
Fault set_mark(Sink& sink, const Key& key, std::string_view value);
std::vector<std::string> print_mark(const Check& check);
Fault set_method(Sink& sink, const Key&, std::string_view value);
Fault set_interface(Sink& sink, const Key&, std::string_view value);
Fault set_url(Sink& sink, const Key&, std::string_view value);
std::vector<std::string> print_urls(const Check& check);
Fault set_status(Sink& sink, const Key&, std::string_view value);
std::vector<std::string> print_statuses(const Check& check);
Fault set_expect(Sink& sink, const Key& key, std::string_view value);
Fault set_body(Sink& sink, const Key& key, std::string_view value);
Fault set_body_not(Sink& sink, const Key& key, std::string_view value);
Fault set_digest(Sink& sink, const Key&, std::string_view value);
std::vector<std::string> print_digest(const Check& check);
Fault set_user(Sink& sink, const Key&, std::string_view value);
Fault set_checks(Sink& sink, const Key&, std::string_view value);
Fault set_require(Sink& sink, const Key&, std::string_view value);
Fault add_server(Sink& sink, const Key&, std::string_view value);
Fault set_sorry(Sink& sink, const Key&, std::string_view value);
Fault set_address(Sink& sink, const Key&, std::string_view value);
Fault set_pool(Sink& sink, const Key&, std::string_view value);
Fault set_flags(Sink& sink, const Key&, std::string_view value);
Fault set_one_packet(Sink& sink, const Key&, std::string_view value);
Fault set_netmask(Sink& sink, const Key&, std::string_view value);
Fault set_tunnel_port(Sink& sink, const Key&, std::string_view value);
Fault set_tunnel_checksum(Sink& sink, const Key&, std::string_view value);
Fault set_check_when(Sink& sink, const Key& key, std::string_view value);
Fault set_when(Sink& sink, const Key& key, std::string_view value);
Fault set_persistence(Sink& sink, const Key& key, std::string_view value);
/// Sets the checksum words of a tunnel.
Fault set_checksum(std::string_view value, ipvs::Tunnel& tunnel);

}  // namespace keepalive::config
