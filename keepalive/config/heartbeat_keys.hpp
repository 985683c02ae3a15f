// The schema's rows of [heartbeat] and [witness], the rules between them and [vrrp], and what is likely not meant.
#pragma once

#include <span>

#include "config/schema.hpp"
#include "config/teller.hpp"

namespace keepalive::config {

std::span<const Key> heartbeat_keys();

/// After resolve_vrrp().
void resolve_heartbeats(Draft& draft, Teller& tell);
/// Of a draft without faults, each at its section.
Diagnostics heartbeat_warnings(const Draft& draft);

}  // namespace keepalive::config
