// The agent of connection sync as the configuration wants it, and what it tells, as the engine takes it.
#pragma once

#include <optional>

#include "config/model.hpp"
#include "core/event.hpp"
#include "core/sync_words.hpp"

namespace keepalive::core {

/// Nothing without [sync].
std::optional<SetAgent> agent_settings(const Config& config);

/// The best of the peers counts: who has the connections of one of them lacks none that matter.
SyncReport sync_report(ipvs::sync::Report report);

}  // namespace keepalive::core
