// Carries a command out: asks the daemon, shows what it says.
#pragma once

#include "command.hpp"
#include "session.hpp"

namespace keepalive::ctl {

Exit run(Session& session, const Command& command);

/// As much of `text` as a screen of so many rows shows; the last one tells of the rest. 0: all.
std::string fitted(std::string_view text, std::size_t rows);

}  // namespace keepalive::ctl
