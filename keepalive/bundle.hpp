// The texts that make up a configuration, as the launcher read them: what travels to the director, and is kept as
// the last good one.
#pragma once

#include "config/load.hpp"
#include "core/launch.hpp"

namespace keepalive {

/// Reads the file and all that it includes and names. Faults are found by who loads it.
core::Bundle read_bundle(const std::string& path, const core::Texts& instead = {});
/// The configuration that the texts make.
tl::expected<Config, Diagnostics> load(core::Bundle bundle, Diagnostics* warnings = nullptr);

}  // namespace keepalive
