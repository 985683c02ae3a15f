// --watch: the table's rates and connections on a full screen, read anew every interval.
#pragma once

#include "command.hpp"
#include "session.hpp"

namespace ipvsadm {

Exit watch(Session& session, const Watch& watch);

}  // namespace ipvsadm
