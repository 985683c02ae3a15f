#include "genl_socket.hpp"

#include <netlink/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace ipvs {

/// Where datagrams land: a dump's data and its end are two, so one call fetches both.
class GenlSocket::Inbox {
 public:
  Inbox() {
    for (std::size_t i = 0; i < slots; ++i) {
      vectors_[i] = {memory_.get() + i * slot_size, slot_size};
      headers_[i].msg_hdr.msg_iov = &vectors_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  Outcome<std::span<const codec::Bytes>> receive(int fd) {
    const int count = recvmmsg(fd, headers_.data(), slots, MSG_DONTWAIT, nullptr);
    if (count < 0) return tl::unexpected(errno);
    const auto received = static_cast<std::size_t>(count);
    for (std::size_t i = 0; i < received; ++i) {
      if ((headers_[i].msg_hdr.msg_flags & MSG_TRUNC) != 0) return tl::unexpected(EBADMSG);
      datagrams_[i] = {memory_.get() + i * slot_size, headers_[i].msg_len};
    }
    return std::span<const codec::Bytes>{datagrams_}.first(received);
  }

 private:
  static constexpr std::size_t slots = 8;
  static constexpr std::size_t slot_size = 32768;  // the kernel fills no larger piece, whatever it is offered

  std::unique_ptr<std::uint8_t[]> memory_ = std::make_unique_for_overwrite<std::uint8_t[]>(slots * slot_size);
  std::array<iovec, slots> vectors_ = {};
  std::array<mmsghdr, slots> headers_ = {};
  std::array<codec::Bytes, slots> datagrams_ = {};
};

void GenlSocket::FreeInbox::operator()(Inbox* inbox) const { delete inbox; }

GenlSocket::GenlSocket() : socket_{nl_socket_alloc()}, inbox_{new Inbox} {}

Outcome<GenlSocket> GenlSocket::open() {
  GenlSocket opened;
  if (!opened.socket_) return tl::unexpected(ENOMEM);
  if (nl_connect(opened.socket_.get(), NETLINK_GENERIC) < 0)
    return tl::unexpected(errno);  // libnl's own code is folded
  return opened;
}

std::size_t GenlSocket::make_room() {
  constexpr int wanted = 512 * 1024;
  constexpr std::size_t refusal = 1536;  // truesize of an answer; up to 1280 were seen
  const int fd = nl_socket_get_fd(socket_.get());
  const int on = 1;
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) < 0) {
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
  }
  int actual = 0;
  socklen_t size = sizeof actual;
  getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &actual, &size);
  return std::max<std::size_t>(1, static_cast<std::size_t>(actual) / refusal);
}

std::uint32_t GenlSocket::sequence(std::size_t count) {
  const std::uint32_t first = sequence_;
  sequence_ += static_cast<std::uint32_t>(count);
  return first;
}

Outcome<bool> GenlSocket::send(codec::Bytes requests) {
  const ssize_t sent = ::send(nl_socket_get_fd(socket_.get()), requests.data(), requests.size(), 0);
  if (sent < 0) return tl::unexpected(errno);
  return false;
}

Outcome<std::span<const codec::Bytes>> GenlSocket::receive() {
  return inbox_->receive(nl_socket_get_fd(socket_.get()));
}

void GenlSocket::drain() {
  for (auto left = receive(); left || left.error() == ENOBUFS; left = receive()) {
  }
}

Outcome<std::uint16_t> find_family(GenlSocket& socket, std::string_view name) {
  codec::Writer writer;
  const std::uint32_t sequence = socket.sequence();
  wire::GenlFamily family;
  family.name = wire::Name{name};
  writer.message(GENL_ID_CTRL, 0, sequence, {CTRL_CMD_GETFAMILY, 1, 0}, [&] { encode(writer, family); });
  const auto outcome =
      socket.exchange(writer.bytes(), sequence, 1, [&](const nlmsghdr& header, codec::Bytes payload) -> Outcome<bool> {
        if (header.nlmsg_type == NLMSG_ERROR) return tl::unexpected(codec::error_code(payload));
        if (!codec::decode_answer(payload, family) || !family.id) return tl::unexpected(EBADMSG);
        return true;
      });
  if (!outcome) return tl::unexpected(outcome.error());
  return *family.id;
}

}  // namespace ipvs
