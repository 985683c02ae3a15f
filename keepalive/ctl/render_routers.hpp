// The tables of virtual routers and of heartbeat lines in `keepalivectl status`.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "table.hpp"

namespace keepalive::ctl {

/// Empty when there are none; begins with an empty line.
std::string render_routers(const boost::json::object& status, Style style);

/// The same.
std::string render_lines(const boost::json::object& status, Style style);

/// The same, of the sync daemons.
std::string render_sync(const boost::json::object& status, Style style);

}  // namespace keepalive::ctl
