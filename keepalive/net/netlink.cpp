#include "net/netlink.hpp"

#include <sys/socket.h>

namespace keepalive::net::netlink {

int error_in(Bytes payload) {
  int error = 0;
  if (payload.size() >= sizeof error) std::memcpy(&error, payload.data(), sizeof error);
  return -error;
}

Outcome<base::Fd> Requests::socket() {
  base::Fd fd{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)};
  if (!fd) return tl::unexpected(errno);
  const int on = 1;
  if (setsockopt(fd.get(), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on) != 0) return tl::unexpected(errno);
  const sockaddr_nl any{AF_NETLINK, 0, 0, 0};
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) return tl::unexpected(errno);
  return fd;
}

int Requests::send(Bytes requests) {
  const sockaddr_nl kernel{AF_NETLINK, 0, 0, 0};
  for (;;) {
    const ssize_t sent = sendto(fd_.get(), requests.data(), requests.size(), 0,
                                reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
    if (sent >= 0) return 0;
    if (errno != EINTR) return errno;
  }
}

Bytes Requests::receive_one() {
  const ssize_t got = recv(fd_.get(), out_.data(), out_.size(), MSG_DONTWAIT);
  return Bytes{out_}.first(got < 0 ? 0 : static_cast<std::size_t>(got));
}

std::span<const Bytes> Requests::receive_many(int& error) {
  std::array<iovec, slots> vectors;  // NOLINT: filled below
  std::array<mmsghdr, slots> headers{};
  for (std::size_t i = 0; i < slots; ++i) {
    vectors[i] = {in_[i].data(), in_[i].size()};
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  const int count = recvmmsg(fd_.get(), headers.data(), slots, MSG_DONTWAIT, nullptr);
  error = count < 0 && errno != EAGAIN && errno != EINTR ? errno : 0;
  if (count < 0) return {};
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
    heard_[i] = Bytes{in_[i]}.first(std::min<std::size_t>(headers[i].msg_len, in_[i].size()));
  return std::span{heard_}.first(static_cast<std::size_t>(count));
}

}  // namespace keepalive::net::netlink
