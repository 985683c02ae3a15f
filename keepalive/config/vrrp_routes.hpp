// Routes and rules of a virtual router, written as ip-route(8) and ip-rule(8) take them.
#pragma once

#include <string>
#include <string_view>

#include "config/schema.hpp"
#include "config/vrrp.hpp"

namespace keepalive::config {

/// "10.9.0.0/16 via 10.0.0.254 dev eth0 table 100", "blackhole 10.66.0.0/16".
Fault read_route(std::string_view item, vrrp::Route& route);
/// "from 10.0.0.0/24 table 100 priority 1000".
Fault read_rule(std::string_view item, vrrp::Rule& rule);

}  // namespace keepalive::config
