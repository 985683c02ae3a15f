#include "probe/datagram.hpp"

#include <linux/errqueue.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>

#include "probe/socket.hpp"

namespace keepalive::probe {
namespace {

/// Else only "port unreachable" is told of, not "host unreachable".
void hear_errors(int fd, ipvs::Family family) {
  const int one = 1;
  if (family == ipvs::Family::ipv4)
    setsockopt(fd, IPPROTO_IP, IP_RECVERR, &one, sizeof one);
  else
    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &one, sizeof one);
}

/// The next error that waits; 0: none.
int queued_error(int fd) {
  alignas(cmsghdr) std::array<char, 512> control{};
  msghdr message{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return 0;
  for (cmsghdr* one = CMSG_FIRSTHDR(&message); one != nullptr; one = CMSG_NXTHDR(&message, one))
    if ((one->cmsg_level == IPPROTO_IP && one->cmsg_type == IP_RECVERR) ||
        (one->cmsg_level == IPPROTO_IPV6 && one->cmsg_type == IPV6_RECVERR))
      return static_cast<int>(reinterpret_cast<const sock_extended_err*>(CMSG_DATA(one))->ee_errno);
  return 0;
}

}  // namespace

Found ask(Fd& fd, const Task& task, int protocol, std::string_view datagram) {
  if (auto refused = open_connected(fd, task, SOCK_DGRAM, protocol)) return refused;
  hear_errors(fd.get(), task.endpoint.address.family());
  if (const int error = task.poller->watch(fd.get(), EPOLLIN, task.token); error != 0) return unwatched(error);
  if (send(fd.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0) return system_fault(errno);
  return std::nullopt;
}

std::optional<std::string_view> next_datagram(int fd, Found& fault) {
  static std::array<char, 65536> buffer;
  const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
  if (got < 0) {
    const int error = errno == EAGAIN ? queued_error(fd) : errno;
    if (error != 0) fault = system_fault(error);
    return std::nullopt;
  }
  return std::string_view{buffer.data(), static_cast<std::size_t>(got)};
}

}  // namespace keepalive::probe
