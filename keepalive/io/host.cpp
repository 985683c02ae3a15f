#include "io/host.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

#include "io/settings.hpp"

namespace keepalive::io {
namespace {

template <std::size_t size>
ipvs::Address address(const void* bytes) {
  std::array<std::uint8_t, size> copy{};
  std::memcpy(copy.data(), bytes, size);
  return ipvs::Address{copy};
}

}  // namespace

core::HostFacts host_facts(const std::vector<std::string>& sysctls) {
  core::HostFacts facts;
  for (const std::string& name : sysctls)
    if (const auto value = read_sysctl(name)) facts.sysctls.emplace(name, *value);
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return facts;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    if (one->ifa_addr->sa_family == AF_INET)
      facts.addresses.insert(address<4>(&reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr));
    if (one->ifa_addr->sa_family == AF_INET6)
      facts.addresses.insert(address<16>(&reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr));
  }
  freeifaddrs(list);
  return facts;
}

}  // namespace keepalive::io
