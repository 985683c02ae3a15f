// `keepalivectl config diff': versions of the configuration's files beside each other.
#pragma once

#include "command.hpp"
#include "session.hpp"

namespace keepalive::ctl {

/// One version against the loaded texts, or against another; without any: the newest that is not what is loaded.
Exit compare_versions(Session& session, const Command& command);

}  // namespace keepalive::ctl
