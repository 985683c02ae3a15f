// What keeps connections from being copied, seen from the set-up of both ends, each with its remedy.
#pragma once

#include <string>
#include <vector>

#include "sync/talk.hpp"

namespace ipvs::sync {

struct Finding {
  bool fatal = false;  // nothing, or less than everything, is copied; otherwise worth knowing
  std::string what = "";
  std::string remedy = "";

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// Of one side alone.
std::vector<Finding> examine(const Facts& side);
/// Of what the two sides have to agree in.
std::vector<Finding> examine(const Facts& here, const Facts& there);

}  // namespace ipvs::sync
