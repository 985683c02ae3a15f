// virtual= of ldirectord.cf: a [virtual_server] with its [pool].
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "import/ldirectord_reals.hpp"
#include "import/ldirectord_values.hpp"
#include "import/site.hpp"

namespace keepalive::import {

/// What counts for all services unless one says otherwise, and which services there are.
struct Common {
  Pace pace = {};
  bool quiescent = false;  // its page says yes, its program no
  bool fork = false;
  std::optional<Fallback> fallback = {};
  std::optional<Fallback> fallback6 = {};
  std::optional<std::vector<std::string>> fallback_command = {};
  std::set<std::string> places = {};
};

void take_virtual(Site& site, const Node& node, Common& common);

}  // namespace keepalive::import
