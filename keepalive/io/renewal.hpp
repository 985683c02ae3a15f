// A program that takes its own place, with what it leaves to itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keepalive::io {

/// Executes the program in our process, the log written out before. `estate` reaches it through take_inheritance(); SIGHUP, SIGINT and SIGTERM wait
/// until then, and so does `pending` (0: none). Returns only when it failed: why.
std::string renew(const std::vector<std::string>& argv, std::string_view estate, int pending);

/// What a predecessor in this process left; empty: nothing. Its signals come from now on: be ready for them.
std::string take_inheritance();

}  // namespace keepalive::io
