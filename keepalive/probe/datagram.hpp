// Datagrams of a connected socket. A datagram is sent in one piece or not at all.
#pragma once

#include <optional>
#include <string_view>

#include "probe/fd.hpp"
#include "probe/probe.hpp"

namespace keepalive::probe {

/// Opens a socket in `fd`, sends the datagram and watches for answers.
Found ask(Fd& fd, const Task& task, int protocol, std::string_view datagram);
/// The next datagram, valid until the one after it; nothing: none is there, or `fault` says why.
std::optional<std::string_view> next_datagram(int fd, Found& fault);

}  // namespace keepalive::probe
