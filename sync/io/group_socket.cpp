#include "sync/io/group_socket.hpp"

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace ipvs::sync {
namespace {

bool set(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

bool set_up(int fd, Family family, unsigned index, Loop loop, std::uint8_t ttl) {
  const int looped = loop == Loop::yes ? 1 : 0;
  if (family == Family::ipv6)
    return set(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(index)) &&
           set(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, looped) && set(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, ttl);
  ip_mreqn interface {};
  interface.imr_ifindex = static_cast<int>(index);
  return ::setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &interface, sizeof interface) == 0 &&
         set(fd, IPPROTO_IP, IP_MULTICAST_LOOP, looped) && set(fd, IPPROTO_IP, IP_MULTICAST_TTL, ttl);
}

}  // namespace

tl::expected<GroupSocket, std::string> GroupSocket::open(const Line& line, Loop loop, std::uint8_t ttl) {
  const Family family = line.group.family();
  const unsigned index = ::if_nametoindex(line.interface.c_str());
  base::Fd socket{
      index == 0 ? -1
                 : ::socket(family == Family::ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!socket || !set_up(socket.get(), family, index, loop, ttl))
    return tl::unexpected{"cannot send to " + to_string(line.group) + " on " + line.interface + ": " +
                          std::strerror(errno)};
  return GroupSocket{std::move(socket), line};
}

bool GroupSocket::send(std::string_view datagram) const {
  sockaddr_storage to{};
  socklen_t size = sizeof(sockaddr_in);
  const auto bytes = group_.bytes();
  if (group_.family() == Family::ipv4) {
    auto* const address = reinterpret_cast<sockaddr_in*>(&to);
    address->sin_family = AF_INET;
    address->sin_port = htons(port_.value);
    std::memcpy(&address->sin_addr, bytes.data(), bytes.size());
  } else {
    auto* const address = reinterpret_cast<sockaddr_in6*>(&to);
    address->sin6_family = AF_INET6;
    address->sin6_port = htons(port_.value);
    std::memcpy(&address->sin6_addr, bytes.data(), bytes.size());
    size = sizeof(sockaddr_in6);
  }
  return ::sendto(socket_.get(), datagram.data(), datagram.size(), 0, reinterpret_cast<const sockaddr*>(&to), size) >=
         0;
}

}  // namespace ipvs::sync
