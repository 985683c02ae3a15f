// The requests that add and remove an address.
#pragma once

#include <cstdint>

#include "net/netlink.hpp"
#include "net/values.hpp"

namespace keepalive::net {

bool write_add(netlink::Writer& writer, std::uint32_t sequence, const InterfaceAddress& address);
bool write_remove(netlink::Writer& writer, std::uint32_t sequence, const HeldAddress& address);

/// What an errno says of an address that was to be added or removed: 0 if it is as wanted.
int left_of_adding(int error);
int left_of_removing(int error);

}  // namespace keepalive::net
