// How virtual routers, heartbeat lines and witnesses are, for the director.
#pragma once

#include <vector>

#include "core/vrrp/messages.hpp"
#include "core/vrrp/router.hpp"

namespace keepalive::vrrp_role {

core::vrrp::Status status(const core::vrrp::Router::Standing& one, const core::vrrp::Router& router);
std::vector<core::vrrp::LineStatus> line_statuses(const core::vrrp::Router& router);
std::vector<core::vrrp::WitnessStatus> witness_statuses(const core::vrrp::Router& router);

}  // namespace keepalive::vrrp_role
