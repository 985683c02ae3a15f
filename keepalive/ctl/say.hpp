// Complaints, and the exit codes that go with them.
#pragma once

#include <string>
#include <string_view>

#include "command.hpp"
#include "session.hpp"

namespace keepalive::ctl {

Exit unreachable(Session& session, const std::string& why);
/// What the daemon warns of in its answer, if it does.
void warn(Session& session, std::string_view body);
Exit refused(Session& session, const Reply& reply);

}  // namespace keepalive::ctl
