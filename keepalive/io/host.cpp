#include "io/host.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <optional>

#include "io/process.hpp"
#include "io/settings.hpp"

namespace keepalive::io {
namespace {

template <std::size_t size>
ipvs::Address address(const void* bytes) {
  std::array<std::uint8_t, size> copy{};
  std::memcpy(copy.data(), bytes, size);
  return ipvs::Address{copy};
}

std::optional<ipvs::Address> address(const sockaddr& socket) {
  if (socket.sa_family == AF_INET) return address<4>(&reinterpret_cast<const sockaddr_in&>(socket).sin_addr);
  if (socket.sa_family == AF_INET6) return address<16>(&reinterpret_cast<const sockaddr_in6&>(socket).sin6_addr);
  return std::nullopt;
}

template <class Take>
void each_interface(Take take) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) take(*one);
  freeifaddrs(list);
}

using Interfaces = std::map<ipvs::Address, std::string>;

Interfaces own_addresses() {
  Interfaces all;
  each_interface([&](const ifaddrs& one) {
    const auto own = one.ifa_addr == nullptr ? std::nullopt : address(*one.ifa_addr);
    if (own) all.emplace(*own, one.ifa_name);
  });
  return all;
}

/// The address from which we would talk to a server. No packet is sent.
std::optional<ipvs::Address> source_towards(const ipvs::Address& server) {
  constexpr in_port_t any_port = 9;
  sockaddr_storage there{};
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  if (server.family() == ipvs::Family::ipv4) {
    auto& four = reinterpret_cast<sockaddr_in&>(there);
    four.sin_family = AF_INET;
    four.sin_port = htons(any_port);
    std::memcpy(&four.sin_addr, server.bytes().data(), sizeof four.sin_addr);
  } else {
    auto& six = reinterpret_cast<sockaddr_in6&>(there);
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(any_port);
    std::memcpy(&six.sin6_addr, server.bytes().data(), sizeof six.sin6_addr);
  }
  const int fd = socket(there.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::nullopt;
  const bool found = connect(fd, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) == 0;
  ::close(fd);
  return found ? address(reinterpret_cast<const sockaddr&>(own)) : std::nullopt;
}

std::string interface_towards(const ipvs::Address& server, const Interfaces& interfaces) {
  const auto source = source_towards(server);
  const auto found = source ? interfaces.find(*source) : interfaces.end();
  return found == interfaces.end() ? std::string{} : found->second;
}

/// The interface on whose subnet an address lies; empty: none.
std::string interface_near(const ipvs::Address& address) {
  std::string found;
  each_interface([&](const ifaddrs& one) {
    const auto own = one.ifa_addr == nullptr ? std::nullopt : keepalive::io::address(*one.ifa_addr);
    const auto mask = one.ifa_netmask == nullptr ? std::nullopt : keepalive::io::address(*one.ifa_netmask);
    if (!own || !mask || own->family() != address.family() || !found.empty()) return;
    bool same = true;
    for (std::size_t i = 0; i < address.bytes().size(); ++i)
      same = same && ((own->bytes()[i] ^ address.bytes()[i]) & mask->bytes()[i]) == 0;
    if (same) found = one.ifa_name;
  });
  return found;
}

/// The kernel takes the greater value of the interface's and that of all.
bool strict(const std::string& interface) {
  const auto value = [](const std::string& name) {
    return read_sysctl("net/ipv4/conf/" + name + "/rp_filter").value_or("0");
  };
  return std::max(value("all"), value(interface)) == "1";
}

}  // namespace

std::set<std::string> interfaces_towards(const std::set<ipvs::Address>& servers) {
  std::set<std::string> found;
  if (servers.empty()) return found;
  const Interfaces interfaces = own_addresses();
  for (const ipvs::Address& server : servers) found.insert(interface_towards(server, interfaces));
  return found;
}

std::string table_name() {
  struct stat space {};
  ::stat("/proc/self/ns/net", &space);
  return fmt::format("{}/{}", read_sysctl("kernel.random.boot_id").value_or("?"), space.st_ino);
}

std::optional<InterfaceFacts> look_at_interface(const std::string& name) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::nullopt;
  ifreq request{};
  std::strncpy(request.ifr_name, name.c_str(), sizeof request.ifr_name - 1);
  std::optional<InterfaceFacts> found;
  if (::ioctl(fd, SIOCGIFMTU, &request) == 0) {
    found.emplace().mtu = static_cast<std::uint32_t>(request.ifr_mtu);
    found->ipv4 = ::ioctl(fd, SIOCGIFADDR, &request) == 0;
  }
  ::close(fd);
  return found;
}

core::HostFacts host_facts(const core::Questions& questions) {
  core::HostFacts facts{.addresses = own_addresses(), .nft = ::access("/usr/sbin/nft", X_OK) == 0};
  for (const std::string& name : questions.sysctls)
    if (const auto value = read_sysctl(name)) facts.sysctls.emplace(name, *value);
  for (const std::string& user : questions.users)
    if (user_exists(user)) facts.users.insert(user);
  for (const ipvs::Address& server : questions.servers)
    if (source_towards(server)) facts.towards.emplace(server, interface_towards(server, facts.addresses));
  for (const ipvs::Address& peer : questions.peers)
    if (std::string interface = interface_near(peer); !interface.empty())
      facts.near.emplace(peer, std::move(interface));
  each_interface([&](const ifaddrs& one) {
    if (!facts.interfaces.insert(one.ifa_name).second) return;  // it has several addresses
    if ((one.ifa_flags & IFF_UP) == 0) facts.down.insert(one.ifa_name);
    if (strict(one.ifa_name)) facts.strict.insert(one.ifa_name);
  });
  return facts;
}

}  // namespace keepalive::io
