// The schema's rows of [vrrp NAME], and the rules between its keys.
#pragma once

#include <span>

#include "config/schema.hpp"
#include "config/teller.hpp"

namespace keepalive::config {

std::span<const Key> vrrp_keys();

/// Finishes what [vrrp] sections and `when` of virtual servers say of each other and of the rest.
void resolve_vrrp(Draft& draft, Teller& tell);

}  // namespace keepalive::config
