// Names that no host's databases can change: www.example.net, ssh for TCP, domain for UDP. Linked before the real ones.
#include "lookup.hpp"

namespace ipvsadm {

std::optional<ipvs::Address> look_up_host(std::string_view name) {
  if (name != "www.example.net") return std::nullopt;
  return ipvs::Address::parse("192.0.2.80");
}

std::optional<ipvs::Port> look_up_port(std::string_view name, ipvs::Protocol protocol) {
  if (name == "ssh" && protocol == ipvs::Protocol::tcp) return ipvs::Port{22};
  if (name == "domain" && protocol == ipvs::Protocol::udp) return ipvs::Port{53};
  return std::nullopt;
}

const char* database_name(ipvs::Protocol protocol) { return protocol == ipvs::Protocol::udp ? "udp" : "tcp"; }

}  // namespace ipvsadm
