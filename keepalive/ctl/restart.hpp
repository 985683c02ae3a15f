// `keepalivectl restart`: the daemon is executed anew, and answers again.
#pragma once

#include "command.hpp"
#include "session.hpp"

namespace keepalive::ctl {

Exit restart(Session& session);

}  // namespace keepalive::ctl
