// Keys that exclude or need each other, as tables: a rule tells whether it is broken, at which key that is told, and how.
// A rule that would judge a value that has a fault says nothing.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/draft.hpp"

namespace keepalive::config {

/// Key and text of a broken rule; an empty key: the section.
using BrokenRule = std::pair<std::string_view, std::string>;
using BrokenRules = std::vector<BrokenRule>;

BrokenRules broken_rules(const Check& check, const Given& given);
BrokenRules broken_rules(const Global& global, const Given& given);
BrokenRules broken_rules(const PoolDraft& draft);
BrokenRules broken_rules(const ServiceDraft& draft);

/// What is wrong with the options of a tunnel, and at which of them; empty: nothing.
BrokenRule tunnel_fault(const ipvs::Tunnel& tunnel);

}  // namespace keepalive::config
