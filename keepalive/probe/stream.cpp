#include "probe/stream.hpp"

#include <array>
#include <cerrno>

#include "probe/socket.hpp"

namespace keepalive::probe {

Found transmit(int fd, std::string_view& rest) {
  while (!rest.empty()) {
    const ssize_t sent = send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return std::nullopt;
    if (sent < 0) return system_fault(errno);
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return std::nullopt;
}

namespace stream {

constexpr std::uint32_t both = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

Read read(int fd, std::uint32_t events, std::string_view& piece, int& error) {
  static std::array<char, 65536> buffer;
  const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
  if (got < 0 && errno == EAGAIN) return Read::nothing;
  if (got < 0) return error = errno, Read::failed;
  piece = {buffer.data(), static_cast<std::size_t>(got)};
  // A short read has emptied the socket; what comes later makes an event of its own, unless the end is here already.
  const bool ending = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  return piece.size() < buffer.size() && !piece.empty() && !ending ? Read::last : Read::data;
}

Found read_again(int fd, const Task& task) {
  const int error = task.poller->change(fd, both, task.token);
  return error == 0 ? std::nullopt : Found{unwatched(error)};
}

}  // namespace stream

}  // namespace keepalive::probe
