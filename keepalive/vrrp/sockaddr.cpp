#include "vrrp/sockaddr.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace keepalive::vrrp_role {

SocketAddress kernels(const ipvs::Endpoint& endpoint, unsigned int scope) {
  SocketAddress result;
  const auto bytes = endpoint.address.bytes();
  const in_port_t port = htons(endpoint.port.value);
  if (endpoint.address.family() == ipvs::Family::ipv6) {
    sockaddr_in6 six{AF_INET6, port, 0, {}, scope};
    std::memcpy(&six.sin6_addr, bytes.data(), std::min(sizeof six.sin6_addr, bytes.size()));
    std::memcpy(&result.storage, &six, sizeof six);
    result.size = sizeof six;
  } else {
    sockaddr_in four{AF_INET, port, {}, {}};
    std::memcpy(&four.sin_addr, bytes.data(), std::min(sizeof four.sin_addr, bytes.size()));
    std::memcpy(&result.storage, &four, sizeof four);
    result.size = sizeof four;
  }
  return result;
}

ipvs::Endpoint endpoint_of(const SocketAddress& address) {
  if (address.storage.ss_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &address.storage, sizeof six);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
    return {ipvs::Address{bytes}, ipvs::Port{ntohs(six.sin6_port)}};
  }
  sockaddr_in four{};
  std::memcpy(&four, &address.storage, sizeof four);
  std::array<std::uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), &four.sin_addr, bytes.size());
  return {ipvs::Address{bytes}, ipvs::Port{ntohs(four.sin_port)}};
}

}  // namespace keepalive::vrrp_role
