// What stops traffic on this director, from what the host is like. Pure: io/host.hpp gathers the facts.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "core/report.hpp"

namespace keepalive::core {

struct HostFacts {
  std::map<std::string, std::string> sysctls = {};  // whole names; what cannot be read is absent
  std::set<ipvs::Address> addresses = {};           // of all interfaces
};

/// The sysctls that examine() looks at.
std::vector<std::string> questions(const Config& config);
std::vector<Finding> examine(const Config& config, const HostFacts& facts);

}  // namespace keepalive::core
