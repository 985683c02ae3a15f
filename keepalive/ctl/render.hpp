// The daemon's answers as a person reads them. Pure: JSON text in, text out.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "table.hpp"

namespace keepalive::ctl {

std::string render_status(std::string_view json, Style style);
/// One server, in a line: "web/b is up, drains: 3 active and 2 inactive connections, until …".
std::string render_server(std::string_view json);
/// Of what has a version that waits to be confirmed, a line; else nothing.
std::string render_pending(const boost::json::object& pending);
constexpr std::string_view no_other_version =
    "there is no other version: versions begin with the first edit through the API\n";
/// One virtual router, in a line: "v1 is backup: an operator asked for it".
std::string render_router(std::string_view json);
std::string render_explanation(std::string_view json);
/// "server web/b", "pool web", "service site", "router v1", a line each.
std::string render_names(std::string_view json);
std::string render_events(std::string_view json, Style style);
/// One event of a stream.
std::string render_event(std::string_view json, Style style);
std::string render_findings(std::string_view json, Style style);
std::string render_plan(std::string_view json);
std::string render_reload(std::string_view json);
std::string render_alerts(std::string_view json, Style style);
std::string render_versions(std::string_view json);
std::string render_confirmed(std::string_view json);
/// {"error","diagnostics"}; of anything else only the status is told.
std::string render_fault(unsigned status, std::string_view json);

}  // namespace keepalive::ctl
