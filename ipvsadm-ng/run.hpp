// Carries a command out.
#pragma once

#include "command.hpp"
#include "session.hpp"

namespace ipvsadm {

Exit run(Session& session, const Command& command);

}  // namespace ipvsadm
