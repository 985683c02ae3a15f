// Sockets that take a right to open, for processes that have none.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "core/sockets.hpp"

namespace keepalive::io {

/// A socket that does not wait, neither bound nor connected; its mark cannot be changed without CAP_NET_ADMIN. Or why
/// there is none, in words.
tl::expected<int, std::string> open_socket(const core::SocketNeed& need);

}  // namespace keepalive::io
