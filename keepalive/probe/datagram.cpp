#include "probe/datagram.hpp"

#include <array>
#include <cerrno>

#include "probe/socket.hpp"

namespace keepalive::probe {

Found ask(Fd& fd, const Task& task, int protocol, std::string_view datagram) {
  if (auto refused = open_connected(fd, task, SOCK_DGRAM, protocol)) return refused;
  task.poller->watch(fd.get(), EPOLLIN, task.token);
  if (send(fd.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0) return system_fault(errno);
  return std::nullopt;
}

std::optional<std::string_view> next_datagram(int fd, Found& fault) {
  static std::array<char, 65536> buffer;
  const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
  if (got < 0 && errno != EAGAIN) fault = system_fault(errno);
  if (got < 0) return std::nullopt;
  return std::string_view{buffer.data(), static_cast<std::size_t>(got)};
}

}  // namespace keepalive::probe
