// What the servers of a pool take for their probes from a service that uses it. The rules of the configuration and the
// daemon must agree on it: each distinct set is probed, and all must be up.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"

namespace keepalive {

struct Lent {
  ipvs::Port port = {};                                 // 0: none
  std::string host = "";                                // for checks that have none
  std::optional<ipvs::Address> address = std::nullopt;  // through the path

  friend auto operator<=>(const Lent&, const Lent&) = default;
};

/// The address that a service is known by; null for a mark.
const ipvs::VipKey* vip_of(const VirtualServer& service);

/// `paths`: probes of the pool go through the path.
Lent lent_by(const VirtualServer& service, bool paths);

bool through_path(const std::vector<std::size_t>& checks, const std::vector<Check>& all);

/// The host that a probe of this check takes from a service.
std::string lent_host(const Check& check, const VirtualServer& service);

}  // namespace keepalive
