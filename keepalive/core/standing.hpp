// What the director tells the sender out of the engine.
#pragma once

#include "core/alerts.hpp"
#include "core/engine.hpp"

namespace keepalive::core {

/// `boot`: what to add to a Time to get the time since 1970.
Alert alert(const Journal& entry, Time boot);
/// Servers that are down, pools in panic or without quorum.
Standing standing(const Engine& engine, Time boot);

}  // namespace keepalive::core
