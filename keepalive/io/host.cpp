#include "io/host.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

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

template <class Take>
void each_address(Take take) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next)
    if (one->ifa_addr != nullptr) take(*one);
  freeifaddrs(list);
}

}  // namespace

std::string interface_towards(const ipvs::Address& server) {
  if (server.family() != ipvs::Family::ipv4) return {};
  sockaddr_in there{.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {}, .sin_zero = {}};
  std::memcpy(&there.sin_addr, server.bytes().data(), sizeof there.sin_addr);
  sockaddr_in own{};
  socklen_t size = sizeof own;
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool found = connect(fd, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) == 0;
  ::close(fd);
  if (!found) return {};
  std::string name;
  each_address([&](const ifaddrs& one) {
    if (one.ifa_addr->sa_family == AF_INET &&
        reinterpret_cast<const sockaddr_in*>(one.ifa_addr)->sin_addr.s_addr == own.sin_addr.s_addr)
      name = one.ifa_name;
  });
  return name;
}

std::string table_name() {
  struct stat space {};
  ::stat("/proc/self/ns/net", &space);
  return fmt::format("{}/{}", read_sysctl("kernel.random.boot_id").value_or("?"), space.st_ino);
}

core::HostFacts host_facts(const std::vector<std::string>& sysctls) {
  core::HostFacts facts;
  for (const std::string& name : sysctls)
    if (const auto value = read_sysctl(name)) facts.sysctls.emplace(name, *value);
  each_address([&](const ifaddrs& one) {
    if (one.ifa_addr->sa_family == AF_INET)
      facts.addresses.insert(address<4>(&reinterpret_cast<const sockaddr_in*>(one.ifa_addr)->sin_addr));
    if (one.ifa_addr->sa_family == AF_INET6)
      facts.addresses.insert(address<16>(&reinterpret_cast<const sockaddr_in6*>(one.ifa_addr)->sin6_addr));
  });
  return facts;
}

}  // namespace keepalive::io
