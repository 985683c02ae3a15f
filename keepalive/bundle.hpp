// The texts that make up a configuration, as the launcher read them: what travels to the director, and is kept as
// the last good one.
#pragma once

#include "config/load.hpp"
#include "core/launch.hpp"

namespace keepalive {

/// Reads the file and all that it includes and names. Faults are found by who loads it.
core::Bundle read_bundle(const std::string& path, const core::Texts& instead = {});
/// The same of texts that others wrote: nothing is read beyond what `now` read, with the environment that it needed.
core::Bundle read_draft(const core::Bundle& now, const core::Texts& instead);
/// The last good one, as `file` keeps it; without a path: there is none.
core::Bundle read_kept(const std::string& file);
/// As it travels: what is too long for a message is as good as a file that cannot be read.
std::string message(const core::Bundle& bundle);
/// The configuration that the texts make.
tl::expected<Config, Diagnostics> load(core::Bundle bundle, Diagnostics* warnings = nullptr);

}  // namespace keepalive
