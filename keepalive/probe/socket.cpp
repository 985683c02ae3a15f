#include "probe/socket.hpp"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>
#include <system_error>

namespace keepalive::probe {
namespace {

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

/// Writes the address in the kernel's form; gives its length.
socklen_t fill(SocketAddress& to, const ipvs::Endpoint& endpoint) {
  const auto bytes = endpoint.address.bytes();
  to = {};
  if (endpoint.address.family() == ipvs::Family::ipv4) {
    to.v4.sin_family = AF_INET;
    to.v4.sin_port = htons(endpoint.port.value);
    std::memcpy(&to.v4.sin_addr, bytes.data(), bytes.size());
    return sizeof to.v4;
  }
  to.v6.sin6_family = AF_INET6;
  to.v6.sin6_port = htons(endpoint.port.value);
  std::memcpy(&to.v6.sin6_addr, bytes.data(), bytes.size());
  return sizeof to.v6;
}

std::string why() { return errno == EPERM || errno == EACCES ? std::string{"not permitted"} : print_error(errno); }

}  // namespace

Poller::Poller() : epoll_{epoll_create1(EPOLL_CLOEXEC)} {
  if (!epoll_) throw std::system_error{errno, std::generic_category(), "epoll_create1"};
}

void Poller::watch(int fd, std::uint32_t events, std::uint64_t token) {
  epoll_event event{.events = events, .data = {.u64 = token}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void Poller::change(int fd, std::uint32_t events, std::uint64_t token) {
  epoll_event event{.events = events, .data = {.u64 = token}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void Poller::forget(int fd) { epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

std::span<const epoll_event> Poller::wait(int milliseconds) {
  int count = epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), milliseconds);
  while (count < 0 && errno == EINTR)  // a signal, or SIGCONT: what is there comes before what is late
    count = epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), 0);
  return std::span{events_}.first(count < 0 ? 0 : static_cast<std::size_t>(count));
}

std::span<const std::uint8_t> bytes(const sockaddr& address) {
  if (address.sa_family == AF_INET6) return std::span{reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr};
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  return {reinterpret_cast<const std::uint8_t*>(&v4), sizeof v4};
}

/// Whether this is an address of ours in the network of another, and not one by itself, as services have.
bool beside(const ifaddrs& one, const sockaddr& other) {
  if (one.ifa_addr == nullptr || one.ifa_netmask == nullptr || one.ifa_addr->sa_family != other.sa_family) return false;
  const auto own = bytes(*one.ifa_addr);
  const auto mask = bytes(*one.ifa_netmask);
  for (std::size_t i = 0; i < own.size(); ++i)
    if (((own[i] ^ bytes(other)[i]) & mask[i]) != 0) return false;
  return mask.back() != 0xff;
}

/// Takes an address of ours beside another, if there is one that is not the service's.
void choose_beside(SocketAddress& own, const sockaddr& other, const sockaddr& service) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (!beside(*one, other) || std::ranges::equal(bytes(*one->ifa_addr), bytes(service))) continue;
    std::memcpy(&own, one->ifa_addr, other.sa_family == AF_INET ? sizeof own.v4 : sizeof own.v6);
    break;
  }
  freeifaddrs(list);
}

/// Our own address on the way to a server, without a port; 0: there is no way. A probe through the path needs it: on
/// the director that holds the service's address the kernel would take that one. So it does on the way to a server of
/// IPv6, since a service's /128 is the longer prefix. Behind a tunnel between the families only the service's counts.
socklen_t towards(SocketAddress& own, const Task& task) {
  SocketAddress service;
  SocketAddress there;
  const socklen_t size = fill(service, task.endpoint);
  const bool same = task.behind.address.family() == task.endpoint.address.family();
  fill(there, {same ? task.behind.address : task.endpoint.address, ipvs::Port{9}});
  const Fd fd{socket(there.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  socklen_t own_size = sizeof own;
  if (!fd || connect(fd.get(), &there.any, size) != 0 || getsockname(fd.get(), &own.any, &own_size) != 0) return 0;
  if (own.any.sa_family == AF_INET6 || std::ranges::equal(bytes(own.any), bytes(service.any)))
    choose_beside(own, there.any, service.any);
  own.v4.sin_port = 0;  // in the same place as that of IPv6
  return own_size;
}

Found prepare(int fd, const Task& task) {
  const Check& check = task.check();
  const std::uint32_t mark = task.mark.value != 0 ? task.mark.value : check.mark.value;
  if (mark != 0 && setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0)
    return fault(fmt::format("cannot set mark {}: {}", mark, why()));
  const std::string& interface = check.interface;
  if (!interface.empty() &&
      setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(), static_cast<socklen_t>(interface.size())) != 0)
    return fault(fmt::format("cannot send through {}: {}", interface, why()));
  if (!check.source && task.mark.value == 0) return std::nullopt;
  SocketAddress source;
  const socklen_t size = check.source ? fill(source, {*check.source, {}}) : towards(source, task);
  if (size == 0) return fault(fmt::format("no way to {}: {}", to_string(task.behind.address), why()));
  if (bind(fd, &source.any, size) != 0)
    return fault(fmt::format("cannot send from {}: {}", check.source ? to_string(*check.source) : "here", why()));
  return std::nullopt;
}

Found open_connected(Fd& fd, const Task& task, int type, int protocol) {
  SocketAddress server;
  const socklen_t size = fill(server, task.endpoint);
  if (server.any.sa_family == AF_INET6 && !task.check().interface.empty())  // fe80:: needs it
    server.v6.sin6_scope_id = if_nametoindex(task.check().interface.c_str());
  fd = Fd{socket(server.any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol)};
  if (!fd) return system_fault(errno);
  if (auto refused = prepare(fd.get(), task)) return refused;
  if (type == SOCK_STREAM) {
    const linger reset{1, 0};
    setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  if (connect(fd.get(), &server.any, size) != 0 && errno != EINPROGRESS) return system_fault(errno);
  return std::nullopt;
}

Found open_tcp(Fd& fd, const Task& task) {
  if (auto refused = open_connected(fd, task, SOCK_STREAM, 0)) return refused;
  task.poller->watch(fd.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, task.token);
  return std::nullopt;
}

Finding socket_fault(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return system_fault(error != 0 ? error : ECONNRESET);
}

}  // namespace keepalive::probe
