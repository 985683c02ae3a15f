#include "names.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace ipvsadm {
namespace {

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

std::optional<std::string> find_host(const ipvs::Address& address) {
  const auto bytes = address.bytes();
  const int family = address.family() == ipvs::Family::ipv4 ? AF_INET : AF_INET6;
  const hostent* host = gethostbyaddr(bytes.data(), static_cast<socklen_t>(bytes.size()), family);
  if (!host) return std::nullopt;
  return host->h_name;
}

std::optional<std::string> find_port(ipvs::Port port, ipvs::Protocol protocol) {
  const servent* service = getservbyport(htons(port.value), database_name(protocol));
  if (!service) return std::nullopt;
  return service->s_name;
}

}  // namespace

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

const std::optional<std::string>& Names::of(const ipvs::Address& address) {
  auto place = hosts_.find(address);
  if (place == hosts_.end()) place = hosts_.emplace(address, find_host(address)).first;
  return place->second;
}

const std::optional<std::string>& Names::of(ipvs::Port port, ipvs::Protocol protocol) {
  const std::pair key{port, protocol};
  auto place = ports_.find(key);
  if (place == ports_.end()) place = ports_.emplace(key, find_port(port, protocol)).first;
  return place->second;
}

}  // namespace ipvsadm
