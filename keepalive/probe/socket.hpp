// Sockets of probes: opened as the check asks for (source, interface), connected without waiting, watched by
// epoll. As few system calls as there can be, since a thousand probes a second make them.
#pragma once

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <span>

#include "probe/evidence.hpp"
#include "probe/fd.hpp"
#include "probe/probe.hpp"

namespace keepalive::probe {

/// The epoll instance.
class Poller {
 public:
  static constexpr std::size_t most_events = 512;

  Poller();

  /// Closing a descriptor ends its watch. Zero, or the errno: nothing is told of it then.
  [[nodiscard]] int watch(int fd, std::uint32_t events, std::uint64_t token);
  [[nodiscard]] int change(int fd, std::uint32_t events, std::uint64_t token);
  void forget(int fd);
  /// Waits at most so many milliseconds; -1: for ever.
  std::span<const epoll_event> wait(int milliseconds);
  int fd() const { return epoll_.get(); }

 private:
  Fd epoll_;
  std::array<epoll_event, most_events> events_ = {};
};

/// A socket in `fd`, a new one or the director's, with the check's source and interface.
Found open_socket(Fd& fd, const Task& task, int family, int type, int protocol);
/// A new socket in `fd`, connected or on the way; `protocol` as of socket(2).
Found open_connected(Fd& fd, const Task& task, int type, int protocol);
/// The same over TCP, watched for whatever comes, edge by edge. Closing it leaves no TIME_WAIT behind.
Found open_tcp(Fd& fd, const Task& task);
/// What it means that the poller did not take a socket: no word on the server.
Finding unwatched(int error);
/// Why epoll told of an error.
Finding socket_fault(int fd);

}  // namespace keepalive::probe
