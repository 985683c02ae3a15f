// The last resort: takes addresses away when the process that held them cannot. For the launcher; needs nothing but
// the kernel.
#pragma once

#include <cstddef>
#include <span>

#include "net/values.hpp"

namespace keepalive::net {

/// Removes the addresses and returns how many of them may still be there. Synchronous; 40 kB of stack, no memory from
/// the heap. Needs CAP_NET_ADMIN. Addresses that are not there count as removed. errno: of the first refusal.
/// Cost: some 5 µs an address where an interface has few; see Edits for many.
std::size_t remove_now(std::span<const HeldAddress> addresses);

}  // namespace keepalive::net
