// The nftables rules, as text for `nft -f -`: those that mark the packets of grouped services (`together = yes`), where
// packets that carry a mark already are left alone; and those that drop what comes to virtual addresses for no service
// (`accept = no`). One transaction replaces a table of our own.
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
