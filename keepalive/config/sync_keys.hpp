// The schema's rows of [sync], the rules between them, and what is likely not meant.
#pragma once

#include <span>

#include "config/schema.hpp"
#include "config/teller.hpp"

namespace keepalive::config {

std::span<const Key> sync_keys();

void resolve_sync(Draft& draft, Teller& tell);
/// Of a draft without faults, each at its section.
Diagnostics sync_warnings(const Draft& draft);

}  // namespace keepalive::config
