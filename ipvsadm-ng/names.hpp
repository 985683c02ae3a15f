// Names for addresses and ports, from the host's databases, each asked for once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ipvs++/address.hpp"
#include "ipvs++/service.hpp"

namespace ipvsadm {

/// Names of addresses and ports, remembered for the life of the object.
class Names {
 public:
  /// The host's name, or none if it has none.
  const std::optional<std::string>& of(const ipvs::Address& address);
  const std::optional<std::string>& of(ipvs::Port port, ipvs::Protocol protocol);

 private:
  std::map<ipvs::Address, std::optional<std::string>> hosts_ = {};
  std::map<std::pair<ipvs::Port, ipvs::Protocol>, std::optional<std::string>> ports_ = {};
};

}  // namespace ipvsadm
