// --plan and --apply: from the kernel's table to a rule file's, with the fewest changes.
#pragma once

#include "command.hpp"
#include "session.hpp"

namespace ipvsadm {

Exit show_plan(Session& session, const Plan& plan);
Exit apply_file(Session& session, const Apply& apply);

}  // namespace ipvsadm
