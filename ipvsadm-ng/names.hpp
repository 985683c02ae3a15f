// The host's databases of names: hosts (files, DNS) and ports (/etc/services), each name asked for once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ipvs++/address.hpp"
#include "ipvs++/service.hpp"

namespace ipvsadm {

/// The IPv4 address of a host name, as gethostbyname(3) finds it.
std::optional<ipvs::Address> look_up_host(std::string_view name);
/// The port of a service name in /etc/services, for exactly this protocol.
std::optional<ipvs::Port> look_up_port(std::string_view name, ipvs::Protocol protocol);

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
