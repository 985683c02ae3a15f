#include "io/channel.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace keepalive::io {
namespace {

constexpr std::size_t header_size = 4;
constexpr std::size_t messages_a_turn = 16;
constexpr std::size_t chunk = 65536;
constexpr std::size_t most_unclaimed = 4;  // descriptors whose message is not whole yet
using Descriptor = boost::asio::posix::stream_descriptor;

union Control {
  cmsghdr header;
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
};

/// Adds the descriptors that came with what was read. False: more than the one that a message may bring; the space of
/// one holds two, as it is aligned.
bool take_passed(msghdr& message, std::deque<base::Fd>& received) {
  std::size_t count = 0;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = 0; CMSG_LEN(at + sizeof(int)) <= part->cmsg_len; at += sizeof(int), ++count) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + at, sizeof fd);
      received.emplace_back(fd);
    }
  }
  return count <= 1 && (message.msg_flags & MSG_CTRUNC) == 0;
}

}  // namespace

struct Channel::State : std::enable_shared_from_this<State> {
  struct Frame {
    std::string bytes;
    base::Fd fd;
  };

  State(boost::asio::io_context& io, int fd, Handler its) : socket{io, fd}, handler{std::move(its)} {
    socket.non_blocking(true);
  }

  void listen() {
    socket.async_wait(Descriptor::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
      if (!error && self->open) self->read();
    });
  }

  void read() {
    std::array<char, chunk> buffer;  // NOLINT: filled by the kernel
    Control control{};
    iovec vector{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    const ssize_t got = recvmsg(socket.native_handle(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return listen();
    if (got <= 0) return close();
    if (!take_passed(message, received)) return close();
    input.append(buffer.data(), static_cast<std::size_t>(got));
    deliver();
  }

  /// Messages that are there whole, a few in each turn of the loop: others have to be heard too.
  void deliver() {
    const bool more = take_some();
    if (received.size() > most_unclaimed) return close();
    if (!open) return;
    if (!more) return listen();
    boost::asio::post(socket.get_executor(), [self = shared_from_this()] {
      if (self->open) self->deliver();
    });
  }

  /// Whether the limit ended it. A message that came with a descriptor says so in its length's highest bit.
  bool take_some() {
    std::size_t done = 0;
    std::size_t count = 0;
    while (open && count < messages_a_turn && input.size() - done >= header_size) {
      std::uint32_t length = 0;
      for (std::size_t i = 0; i < header_size; ++i) length = length << 8U | static_cast<unsigned char>(input[done + i]);
      const bool with_fd = (length & 0x80000000U) != 0;
      length &= 0x7fffffffU;
      if (length > longest_message || (with_fd && received.empty())) return close(), false;
      if (input.size() - done - header_size < length) {
        input.reserve(done + header_size + length);
        break;
      }
      base::Fd fd;
      if (with_fd) {
        fd = std::move(received.front());
        received.pop_front();
      }
      handler.message(std::string_view{input}.substr(done + header_size, length), std::move(fd));
      done += header_size + length;
      ++count;
    }
    input.erase(0, done);
    return count == messages_a_turn;
  }

  void write() {
    while (open && !queue.empty()) {
      Frame& frame = queue.front();
      const ssize_t sent = transmit(frame);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && errno == EAGAIN) return wait_to_write();
      if (sent < 0) return close();
      frame.fd.reset();
      waiting -= static_cast<std::size_t>(sent);
      offset += static_cast<std::size_t>(sent);
      if (offset < frame.bytes.size()) continue;
      offset = 0;
      queue.pop_front();
    }
  }

  ssize_t transmit(const Frame& frame) {
    Control control{};
    iovec vector{const_cast<char*>(frame.bytes.data()) + offset, frame.bytes.size() - offset};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    if (frame.fd) {
      const int fd = frame.fd.get();
      message.msg_control = &control;
      message.msg_controllen = sizeof control;
      control.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
      std::memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    }
    return sendmsg(socket.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  void wait_to_write() {
    if (std::exchange(writing, true)) return;
    socket.async_wait(Descriptor::wait_write, [self = shared_from_this()](const boost::system::error_code& error) {
      self->writing = false;
      if (!error && self->open) self->write();
    });
  }

  void close() {
    if (!std::exchange(open, false)) return;
    boost::system::error_code ignored;
    socket.close(ignored);
    received.clear();
    const auto closed = std::move(handler.closed);
    if (closed) closed();
  }

  Descriptor socket;
  Handler handler;
  bool open = true;
  bool writing = false;
  std::string input = {};
  std::deque<base::Fd> received = {};
  std::deque<Frame> queue = {};
  std::size_t offset = 0;  // of the first frame
  std::size_t waiting = 0;
};

Channel::Channel(boost::asio::io_context& io, int fd, Handler handler)
    : state_{std::make_shared<State>(io, fd, std::move(handler))} {
  state_->listen();
}

Channel::~Channel() {
  state_->handler.closed = nullptr;
  state_->close();
}

void Channel::send(std::string message, int fd) {
  if (!state_->open) return;
  base::Fd ours{fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1};
  const std::uint32_t length = static_cast<std::uint32_t>(message.size()) | (ours ? 0x80000000U : 0U);
  std::array<char, header_size> header{};
  for (unsigned i = 0; i < header_size; ++i) header[i] = static_cast<char>(length >> (24 - 8 * i) & 0xffU);
  message.insert(0, header.data(), header.size());
  state_->waiting += message.size();
  state_->queue.push_back({std::move(message), std::move(ours)});
  if (!state_->writing) state_->write();
}

std::size_t Channel::waiting() const { return state_->waiting; }

std::size_t Channel::waiting_descriptors() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(state_->queue, [](const auto& frame) { return bool{frame.fd}; }));
}

std::pair<int, int> socket_pair() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error{errno, std::generic_category(), "socketpair"};
  return {ends[0], ends[1]};
}

}  // namespace keepalive::io
