// Reads what a list needs from the kernel and prints it.
#pragma once

#include "command.hpp"
#include "session.hpp"

namespace ipvsadm {

Exit list_table(Session& session, const Layout& layout);
Exit list_service(Session& session, const ipvs::ServiceKey& key, const Layout& layout);
Exit list_connections(Session& session, const Layout& layout);
Exit list_timeouts(Session& session, Format format);
Exit list_daemons(Session& session, Format format);
Exit save_table(Session& session, Naming naming);

}  // namespace ipvsadm
