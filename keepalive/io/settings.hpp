// Timeouts and sysctls of the kernel's IPVS: compared with what the configuration declares, written where they
// differ, read back.
#pragma once

#include "config/model.hpp"
#include "core/action.hpp"
#include "core/event.hpp"
#include "ipvs++/client.hpp"

namespace keepalive::io {

core::Settled settle(const core::Settle& order, const Config& config, ipvs::Client& client);

/// The value of a sysctl by its whole name, or what came back instead.
tl::expected<std::string, std::string> read_sysctl(const std::string& name);

}  // namespace keepalive::io
