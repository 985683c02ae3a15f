#include "sync/io/facts.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"

namespace ipvs::sync {
namespace {

constexpr std::array settings{"sync_threshold", "sync_refresh_period", "sync_retries", "sync_qlen_max",
                              "sync_sock_size", "sync_ports",          "sync_version", "sync_persist_mode",
                              "backup_only",    "sloppy_tcp",          "sloppy_sctp",  "expire_nodest_conn",
                              "conn_reuse_mode"};

std::string line_of(const std::filesystem::path& path) {
  std::ifstream file{path};
  std::string line;
  std::getline(file, line);
  std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

int prefix(const sockaddr& mask) {
  int bits = 0;
  const auto count = [&](const std::uint8_t* bytes, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) bits += std::popcount(bytes[i]);
  };
  if (mask.sa_family == AF_INET)
    count(reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in&>(mask).sin_addr), 4);
  else
    count(reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in6&>(mask).sin6_addr), 16);
  return bits;
}

std::vector<std::string> addresses_of(const std::string& interface) {
  std::vector<std::string> addresses;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return addresses;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (interface != one->ifa_name || one->ifa_addr == nullptr || one->ifa_netmask == nullptr) continue;
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = one->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const void* const bytes =
        family == AF_INET ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr)
                          : &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr;
    ::inet_ntop(family, bytes, text.data(), text.size());
    addresses.push_back(std::string{text.data()} + "/" + std::to_string(prefix(*one->ifa_netmask)));
  }
  ::freeifaddrs(list);
  return addresses;
}

}  // namespace

Facts read_facts(const std::string& interface, std::optional<std::vector<Daemon>> daemons) {
  Facts facts{.host = host_name(), .interface = interface, .daemons = std::move(daemons)};
  const std::filesystem::path folder = std::filesystem::path{"/sys/class/net"} / interface;
  if (!interface.empty() && std::filesystem::exists(folder)) {
    facts.mtu = base::read_number<std::uint32_t>(line_of(folder / "mtu")).value_or(0);
    facts.up = line_of(folder / "carrier") == "1";
    facts.addresses = addresses_of(interface);
  }
  for (const char* name : settings) {
    const std::string value = line_of(std::filesystem::path{"/proc/sys/net/ipv4/vs"} / name);
    if (!value.empty()) facts.sysctls[name] = value;
  }
  return facts;
}

}  // namespace ipvs::sync
