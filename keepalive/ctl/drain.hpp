// `keepalivectl drain SERVER [--wait]`: told, then watched until no connection is left or the deadline is over.
#pragma once

#include "command.hpp"
#include "session.hpp"

namespace keepalive::ctl {

Exit drain(Session& session, const Command& command);

}  // namespace keepalive::ctl
