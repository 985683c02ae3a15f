// What takes away again what was made, as netlink requests that are ready to be sent: for who cleans up after a process
// that cannot, and needs to know no more of it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "net/edits.hpp"

namespace keepalive::net {

std::string removal(const Route& route);
std::string removal(const Rule& rule);
std::string removal_of_link(Index link);
/// The settings as they were.
std::string restoring(Index link, const ArpSettings& settings);

/// Sends them in order and returns how many the kernel refused; what is gone already is no refusal. Synchronous. Needs
/// CAP_NET_ADMIN.
std::size_t undo_now(std::span<const std::string> requests);

}  // namespace keepalive::net
