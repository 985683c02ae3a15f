// The requests that add and remove routes and rules: `message` is RTM_NEWROUTE, RTM_DELROUTE and so on.
#pragma once

#include <cstdint>

#include "net/netlink.hpp"
#include "net/values.hpp"

namespace keepalive::net {

bool write(netlink::Writer& writer, std::uint16_t message, unsigned flags, std::uint32_t sequence, const Route& route);
bool write(netlink::Writer& writer, std::uint16_t message, unsigned flags, std::uint32_t sequence, const Rule& rule);

}  // namespace keepalive::net
