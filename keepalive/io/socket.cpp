#include "io/socket.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace keepalive::io {
namespace {

using Kind = core::SocketNeed::Kind;

int open_new(Kind kind, ipvs::Family family) {
  const bool old = family == ipvs::Family::ipv4;
  const int type = kind == Kind::stream ? SOCK_STREAM : SOCK_DGRAM;
  const int echo = old ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6};
  return ::socket(old ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, kind == Kind::ping ? echo : 0);
}

std::string why(int error) { return error == EPERM || error == EACCES ? "not permitted" : std::strerror(error); }

}  // namespace

tl::expected<int, std::string> open_socket(const core::SocketNeed& need) {
  const int fd = open_new(need.kind, need.family);
  if (fd < 0 && need.kind == Kind::ping && (errno == EACCES || errno == EPERM))
    return tl::unexpected{std::string{"cannot ping: net.ipv4.ping_group_range leaves us out"}};
  if (fd < 0) return tl::unexpected{"cannot probe: " + why(errno)};
  const std::uint32_t mark = need.mark.value;
  if (mark == 0 || ::setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark) == 0) return fd;
  const int error = errno;
  ::close(fd);
  return tl::unexpected{fmt::format("cannot set mark {}: {}", mark, why(error))};
}

}  // namespace keepalive::io
