#include "lookup.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <string>

namespace ipvsadm {

const char* database_name(ipvs::Protocol protocol) {
  switch (protocol) {
    case ipvs::Protocol::udp:
      return "udp";
    case ipvs::Protocol::sctp:
      return "sctp";
    default:
      return "tcp";
  }
}

std::optional<ipvs::Address> look_up_host(std::string_view name) {
  const hostent* host = gethostbyname(std::string{name}.c_str());
  std::array<std::uint8_t, 4> bytes = {};
  if (!host || host->h_addrtype != AF_INET || !host->h_addr_list[0]) return std::nullopt;
  std::memcpy(bytes.data(), host->h_addr_list[0], bytes.size());
  return ipvs::Address{bytes};
}

std::optional<ipvs::Port> look_up_port(std::string_view name, ipvs::Protocol protocol) {
  const servent* service = getservbyname(std::string{name}.c_str(), database_name(protocol));
  if (!service) return std::nullopt;
  return ipvs::Port{ntohs(static_cast<std::uint16_t>(service->s_port))};
}

}  // namespace ipvsadm
