// Names and words of the core's addresses as the kernel's numbers, and back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/vrrp/vocabulary.hpp"
#include "net/links.hpp"
#include "net/values.hpp"

namespace keepalive::vrrp_role {

/// An address on the interface of this number.
net::InterfaceAddress kernels(const vrrp::VirtualAddress& address, net::Index interface);
/// The form in which the kernel has an address, if it has it in any; else as kernels() says.
net::HeldAddress held_form(const vrrp::VirtualAddress& address, net::Index interface, const net::Links& links);
/// A route of an instance that speaks on `interface`. Nothing: its own interface is not there.
std::optional<net::Route> kernels(const vrrp::Route& route, const std::string& interface, const net::Links& links);
net::Rule kernels(const vrrp::Rule& rule);
/// The VRF that an interface belongs to; null: none.
const net::Link* vrf_of(const std::string& interface, const net::Links& links);
/// How an interface is, in the core's words. `forwards`: this host is an IPv6 router.
core::vrrp::Link cores(const net::Link& link, bool forwards);
/// Whether this host forwards IPv6 packets.
bool forwards_ipv6();

}  // namespace keepalive::vrrp_role
