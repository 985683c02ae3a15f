// An alert as a webhook gets it: one JSON object, its members those of keepalive-api(7)'s events and the router's name.
#pragma once

#include <string>

#include "core/alerts.hpp"

namespace keepalive::sender {

std::string hook_text(const core::Alert& alert, const std::string& router_id);

}  // namespace keepalive::sender
