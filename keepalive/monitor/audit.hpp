// What the log keeps of who changed something through the monitor. Pure.
#pragma once

#include <string>

#include "ipvs++/address.hpp"
#include "monitor/http.hpp"
#include "monitor/permits.hpp"

namespace keepalive::monitor {

struct Actor {
  std::string user = "";
  ipvs::Address from = {};
  std::string director = "";  // at which; empty: there is none of that name
};

/// Whether who asks for it is told of: it changes something.
bool is_audited(const Route& route);
/// key=value words; a body that is long or a configuration is told by its size.
std::string audit_text(const Request& request, const Route& route, const Actor& actor, unsigned status);

}  // namespace keepalive::monitor
