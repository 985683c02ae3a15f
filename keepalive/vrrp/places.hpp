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
/// How an interface is, in the core's words. `forwards`: this host is an IPv6 router.
core::vrrp::Link cores(const net::Link& link, bool forwards);
/// Whether this host forwards IPv6 packets.
bool forwards_ipv6();

}  // namespace keepalive::vrrp_role
