// The daemon's state as JSON, for people and programs: keepalive-api(7) has the members. Linear in what there is.
#pragma once

#include <string>
#include <string_view>

#include "core/circumstances.hpp"
#include "core/engine.hpp"

namespace keepalive::core {

/// GET /v1/status. Before the first configuration: no services and pools.
std::string status(const Engine& engine, const Circumstances& circumstances, const CountTable& counts, Time now);

/// GET /v1/servers/SERVER: one element of a pool's `servers`; `warning`: another member, unless empty.
std::string server_status(const Engine& engine, const Circumstances& circumstances, const CountTable& counts,
                          ServerRef server, std::string_view warning = {});

/// POST /v1/vrrp/NAME/switchover: one element of `vrrp`; `warning`: another member, unless empty.
std::string router_status(const Engine& engine, const Circumstances& circumstances, const Vrrp& router,
                          std::string_view warning = {});

/// What an operator must know who has just taken a server's weight away: it was the last that took connections. Empty:
/// others do.
std::string last_server_warning(const Engine& engine, ServerRef server);

}  // namespace keepalive::core
