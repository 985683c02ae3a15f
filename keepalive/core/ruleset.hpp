// The nftables rules that mark the packets of grouped services (`together = yes`), as text for `nft -f -`. One
// transaction replaces a table of our own; packets that carry a mark already are left alone.
#pragma once

#include <string>

#include "config/model.hpp"

namespace keepalive::core {

/// "keepalive", or of an instance "keepalive-NAME".
std::string rules_table(const std::string& instance);
/// What makes the table as the configuration wants it. Empty: it wants none.
std::string ruleset(const Config& config, const std::string& instance);
/// What takes the table away, whether it is there or not.
std::string no_ruleset(const std::string& instance);

}  // namespace keepalive::core
