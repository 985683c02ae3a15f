// The schema's rows that have to do with virtual routers, and the rules between them.
#pragma once

#include <span>

#include "config/schema.hpp"
#include "config/teller.hpp"

namespace keepalive::config {

std::span<const Key> vrrp_keys();

/// Finishes what [vrrp] sections and `when` of virtual servers say of each other and of the rest.
void resolve_vrrp(Draft& draft, Teller& tell);

}  // namespace keepalive::config
