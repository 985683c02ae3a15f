#include "probe/socket.hpp"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
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

std::span<const std::uint8_t> bytes(const sockaddr& address) {
  if (address.sa_family == AF_INET6) return std::span{reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr};
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  return {reinterpret_cast<const std::uint8_t*>(&v4), sizeof v4};
}

bool same_address(const sockaddr& one, const sockaddr& other) { return std::ranges::equal(bytes(one), bytes(other)); }

/// 10.0.0.100/32, as services have.
bool of_one_host(const ifaddrs& one) { return one.ifa_netmask == nullptr || bytes(*one.ifa_netmask).back() == 0xff; }

/// fe80::1, 169.254.0.1
bool of_a_link(const ifaddrs& one) {
  const auto own = bytes(*one.ifa_addr);
  if (one.ifa_addr->sa_family == AF_INET) return own[0] == 169 && own[1] == 254;
  return own[0] == 0xfe && (own[1] & 0xc0U) == 0x80;
}

/// Whether this is an address of ours in the network of another.
bool beside(const ifaddrs& one, const sockaddr& other) {
  const auto own = bytes(*one.ifa_addr);
  const auto mask = bytes(*one.ifa_netmask);
  for (std::size_t i = 0; i < own.size(); ++i)
    if (((own[i] ^ bytes(other)[i]) & mask[i]) != 0) return false;
  return true;
}

std::string why() { return errno == EPERM || errno == EACCES ? std::string{"not permitted"} : print_error(errno); }

}  // namespace

Poller::Poller() : epoll_{epoll_create1(EPOLL_CLOEXEC)} {
  if (!epoll_) throw std::system_error{errno, std::generic_category(), "epoll_create1"};
}

int Poller::watch(int fd, std::uint32_t events, std::uint64_t token) {
  epoll_event event{.events = events, .data = {.u64 = token}};
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

int Poller::change(int fd, std::uint32_t events, std::uint64_t token) {
  epoll_event event{.events = events, .data = {.u64 = token}};
  return epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0 ? 0 : errno;
}

void Poller::forget(int fd) { epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

std::span<const epoll_event> Poller::wait(int milliseconds) {
  int count = epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), milliseconds);
  while (count < 0 && errno == EINTR)  // a signal, or SIGCONT: what is there comes before what is late
    count = epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), 0);
  return std::span{events_}.first(count < 0 ? 0 : static_cast<std::size_t>(count));
}

namespace {

/// The first address of ours, of the service's family and for a whole network, that `fits`: not the service's, nor
/// another of a single host, which is some service's most likely. 0: there is none.
template <class Fits>
socklen_t first_own(SocketAddress& own, const ipvs::Address& service, Fits fits) {
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return 0;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> list{all, &freeifaddrs};
  SocketAddress held;
  const socklen_t size = fill(held, {service, {}});
  for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
    if ((one->ifa_flags & IFF_UP) == 0 || one->ifa_addr == nullptr) continue;
    if (one->ifa_addr->sa_family != held.any.sa_family || of_one_host(*one)) continue;
    if (same_address(*one->ifa_addr, held.any) || !fits(*one)) continue;
    std::memcpy(&own, one->ifa_addr, size);
    return size;
  }
  return 0;
}

/// Our own address on the way to a server, without a port; 0: there is no way. A probe through the path needs it: on
/// the director that holds the service's address the kernel would take that one. So it does on the way to a server of
/// IPv6, since a service's /128 is the longer prefix.
socklen_t towards(SocketAddress& own, const Task& task) {
  SocketAddress service;
  SocketAddress there;
  fill(service, task.endpoint);
  const socklen_t size = fill(there, {task.behind.address, ipvs::Port{9}});
  const Fd fd{socket(there.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  socklen_t own_size = sizeof own;
  if (!fd || connect(fd.get(), &there.any, size) != 0 || getsockname(fd.get(), &own.any, &own_size) != 0) return 0;
  if (own.any.sa_family == AF_INET6 || same_address(own.any, service.any))
    first_own(own, task.endpoint.address, [&](const ifaddrs& one) { return beside(one, there.any); });
  own.v4.sin_port = 0;  // in the same place as that of IPv6
  return own_size;
}

/// A server of the other family is reached by a tunnel, and answers from the service's address all the same.
socklen_t own_address(SocketAddress& own, const Task& task) {
  if (task.behind.address.family() == task.endpoint.address.family()) return towards(own, task);
  return first_own(own, task.endpoint.address,
                   [](const ifaddrs& one) { return !of_a_link(one) && (one.ifa_flags & IFF_LOOPBACK) == 0; });
}

Finding no_way(const Task& task) {
  if (task.behind.address.family() == task.endpoint.address.family())
    return fault(fmt::format("no way to {}: {}", to_string(task.behind.address), why()));
  return unable(fmt::format("cannot probe: no address of ours could ask {}; `source' names one",
                            to_string(task.endpoint.address)));
}

std::string origin(const Check& check) {
  if (check.source && check.source_port) return to_string(ipvs::Endpoint{*check.source, *check.source_port});
  if (check.source) return to_string(*check.source);
  return check.source_port ? fmt::format("port {}", check.source_port->value) : "here";
}

/// Binds to what the check, or the path, has for the probe's own address and port.
Found bind_source(int fd, const Task& task) {
  const Check& check = task.check();
  SocketAddress source;
  const bool given = check.source || check.source_port;
  const ipvs::Address any = ipvs::Address::any(task.endpoint.address.family());
  const socklen_t size = given ? fill(source, {check.source.value_or(any), check.source_port.value_or(ipvs::Port{})})
                               : own_address(source, task);
  if (size == 0) return no_way(task);
  // Probes of many servers have the port at once, and one after the other.
  const int shared = check.source_port ? 1 : 0;
  if (shared != 0) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &shared, sizeof shared);
  if (bind(fd, &source.any, size) != 0) return unable(fmt::format("cannot send from {}: {}", origin(check), why()));
  return std::nullopt;
}

/// Source and interface of a socket.
Found prepare(int fd, const Task& task) {
  const Check& check = task.check();
  const std::string& interface = check.interface;
  if (!interface.empty() &&
      setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(), static_cast<socklen_t>(interface.size())) != 0)
    return unable(fmt::format("cannot send through {}: {}", interface, why()));
  if (!check.source && !check.source_port && task.mark.value == 0) return std::nullopt;
  return bind_source(fd, task);
}

}  // namespace

Found open_socket(Fd& fd, const Task& task, int family, int type, int protocol) {
  if (!task.sockets) {
    fd = Fd{socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol)};
    if (!fd) return system_fault(errno);
  } else {
    if (task.sockets->empty()) return lacking();
    fd = std::move(task.sockets->back());
    task.sockets->pop_back();
  }
  return prepare(fd.get(), task);
}

Found open_connected(Fd& fd, const Task& task, int type, int protocol) {
  SocketAddress server;
  const socklen_t size = fill(server, task.endpoint);
  if (server.any.sa_family == AF_INET6 && !task.check().interface.empty())  // fe80:: needs it
    server.v6.sin6_scope_id = if_nametoindex(task.check().interface.c_str());
  if (auto refused = open_socket(fd, task, server.any.sa_family, type, protocol)) return refused;
  if (type == SOCK_STREAM) {
    const linger reset{1, 0};
    setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  if (connect(fd.get(), &server.any, size) != 0 && errno != EINPROGRESS) return system_fault(errno);
  return std::nullopt;
}

Found open_tcp(Fd& fd, const Task& task) {
  if (auto refused = open_connected(fd, task, SOCK_STREAM, 0)) return refused;
  const int error = task.poller->watch(fd.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, task.token);
  return error == 0 ? std::nullopt : Found{unwatched(error)};
}

Finding unwatched(int error) {
  return unable(fmt::format("cannot probe: epoll takes no socket more: {}", print_error(error)));
}

Finding socket_fault(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return system_fault(error != 0 ? error : ECONNRESET);
}

}  // namespace keepalive::probe
