#include "net/feed.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

namespace keepalive::net {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

constexpr std::size_t slots = 8;
constexpr std::size_t slot_size = 32768;  // the kernel fills no larger piece
constexpr int buffer_size = 4 << 20;

/// For each address that comes or goes the kernel tells of a route in table local, too. They are kept back, but for
/// what was asked for: that has a port's number in it.
bool keep_local_routes_back(const base::Fd& fd, std::uint32_t port) {
  constexpr unsigned type_at = 4, port_at = 12, table_at = 16 + 4;
  std::array program = {sock_filter{BPF_LD | BPF_W | BPF_ABS, 0, 0, port_at},
                        sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 5, 0, htonl(port)},
                        sock_filter{BPF_LD | BPF_H | BPF_ABS, 0, 0, type_at},
                        sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 1, 0, htons(RTM_NEWROUTE)},
                        sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 2, htons(RTM_DELROUTE)},
                        sock_filter{BPF_LD | BPF_B | BPF_ABS, 0, 0, table_at},
                        sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 1, 0, RT_TABLE_LOCAL},
                        sock_filter{BPF_RET | BPF_K, 0, 0, 0xffffffff},
                        sock_filter{BPF_RET | BPF_K, 0, 0, 0}};
  const sock_fprog all{program.size(), program.data()};
  return setsockopt(fd.get(), SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof all) == 0;
}

/// The port's number; none with errno set.
std::optional<std::uint32_t> prepare(const base::Fd& fd) {
  const int on = 1;
  if (setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &buffer_size, sizeof buffer_size) != 0)
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &buffer_size, sizeof buffer_size);
  sockaddr_nl name{AF_NETLINK, 0, 0, 0};
  socklen_t size = sizeof name;
  const bool ready = setsockopt(fd.get(), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on) == 0 &&
                     bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), size) == 0 &&
                     getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &size) == 0 &&
                     keep_local_routes_back(fd, name.nl_pid);
  return ready ? std::optional{name.nl_pid} : std::nullopt;
}

/// A strict kernel takes the header of the dump's own kind only.
bool write_dump(netlink::Writer& writer, std::uint32_t sequence, std::uint16_t type, std::uint8_t family,
                std::uint32_t table) {
  const auto nothing = [] {};
  switch (type) {
    case RTM_GETLINK:
      return writer.message(type, NLM_F_DUMP, sequence, ifinfomsg{}, nothing);
    case RTM_GETADDR:
      return writer.message(type, NLM_F_DUMP, sequence, ifaddrmsg{family, 0, 0, 0, 0}, nothing);
    default:
      break;
  }
  rtmsg its{};
  its.rtm_family = family;
  return writer.message(type, NLM_F_DUMP, sequence, its, [&] { writer.put(RTA_TABLE, table); });
}

}  // namespace

Outcome<std::shared_ptr<Feed>> Feed::open(boost::asio::io_context& io) {
  base::Fd fd{socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE)};
  if (!fd) return tl::unexpected(errno);
  const std::optional<std::uint32_t> port = prepare(fd);
  if (!port) return tl::unexpected(errno);
  return std::make_shared<Feed>(io, std::move(fd), *port);
}

Feed::Feed(boost::asio::io_context& io, base::Fd fd, std::uint32_t port)
    : socket_{io, fd.release()},
      memory_{std::make_unique_for_overwrite<std::uint8_t[]>(slots * slot_size)},
      port_{port} {}

int Feed::join(std::initializer_list<unsigned> groups) {
  for (const unsigned group : groups)
    if (setsockopt(socket_.native_handle(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0)
      return errno;
  return 0;
}

void Feed::start(Handler handler) {
  handler_ = std::move(handler);
  listen();
}

void Feed::close() {
  open_ = false;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

int Feed::dump(std::uint16_t type, std::uint8_t family, std::uint32_t table) {
  std::array<std::uint8_t, 64> storage{};
  netlink::Writer writer{storage};
  write_dump(writer, ++sequence_, type, family, table);
  whole_ = true;
  const netlink::Bytes request = writer.bytes();
  return ::send(socket_.native_handle(), request.data(), request.size(), MSG_DONTWAIT) < 0 ? errno : 0;
}

void Feed::listen() {
  socket_.async_wait(Descriptor::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && self->open_) self->read();
  });
}

void Feed::read() {
  std::array<iovec, slots> vectors{};
  std::array<mmsghdr, slots> headers{};
  for (std::size_t i = 0; i < slots; ++i) {
    vectors[i] = {memory_.get() + i * slot_size, slot_size};
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  const int count = recvmmsg(socket_.native_handle(), headers.data(), slots, MSG_DONTWAIT, nullptr);
  if (count < 0 && errno == ENOBUFS) handler_.lost();
  for (int i = 0; open_ && i < count; ++i) {
    const auto place = static_cast<std::size_t>(i);
    tell({memory_.get() + place * slot_size, headers[place].msg_len});
  }
  if (open_) handler_.turn();
  if (open_) listen();
}

void Feed::tell(netlink::Bytes datagram) {
  netlink::each_message(datagram, [&](const nlmsghdr& header, netlink::Bytes payload) {
    tell_one(header, payload);
    return open_;
  });
}

/// The errno that ends a dump is of a family or a table that is not there: asking again would not help.
void Feed::tell_one(const nlmsghdr& header, netlink::Bytes payload) {
  const bool last = header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR;
  const bool asked = header.nlmsg_seq == sequence_ && header.nlmsg_pid == port_;
  if (asked && (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) whole_ = false;
  if (header.nlmsg_type >= NLMSG_MIN_TYPE) return handler_.message(header.nlmsg_type, payload, asked);
  if (asked && last) handler_.end(whole_);
}

}  // namespace keepalive::net
