// Complaints, and the exit codes that go with them.
#pragma once

#include <string>

#include "command.hpp"
#include "session.hpp"

namespace keepalive::ctl {

Exit unreachable(Session& session, const std::string& why);
Exit refused(Session& session, const Reply& reply);

}  // namespace keepalive::ctl
