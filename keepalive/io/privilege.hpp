// What a role may do, taken right after it was started and never given back.
#pragma once

#include <string>
#include <vector>

namespace keepalive::io {

/// Becomes `user` when we are root and there is such a user, with these capabilities (CAP_NET_ADMIN, …) and no others,
/// not in children either. Otherwise stays who it is, with no more than these capabilities.
/// Returns what went wrong; empty: nothing.
std::string drop_privilege(const std::vector<std::string>& users, const std::vector<int>& capabilities);

}  // namespace keepalive::io
