// `keepalivectl sync WHAT': the agent of connection sync, asked through the daemon.
#pragma once

#include "command.hpp"
#include "session.hpp"

namespace keepalive::ctl {

/// Whether WHAT is a question that the agent knows; else what it may be, as a sentence.
std::string sync_objection(const std::string& what);

Exit sync(Session& session, const Command& command);

}  // namespace keepalive::ctl
