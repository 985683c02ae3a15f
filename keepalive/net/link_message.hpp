// What the kernel says of a link: RTM_NEWLINK and RTM_DELLINK, read.
#pragma once

#include <cstdint>
#include <optional>

#include "net/netlink.hpp"
#include "net/values.hpp"

namespace keepalive::net {

/// None: it speaks of a bridge's port, or says too little.
std::optional<Link> link_in(netlink::Bytes payload);

/// A setting of net.ipv4.conf of the link, by IPV4_DEVCONF_…
std::optional<std::uint32_t> setting_in(netlink::Bytes payload, unsigned number);

}  // namespace keepalive::net
