// Framed messages between two of our processes over a Unix stream socket: a length of four bytes, then the message;
// one file descriptor may come along. No message is lost or split; a peer that does not read is told of.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/fd.hpp"

namespace keepalive::io {

constexpr std::size_t longest_message = 64U << 20U;

class Channel {
 public:
  struct Handler {
    /// `fd`: the descriptor that came along, if one did. Who does not take it lets it close.
    std::function<void(std::string_view message, base::Fd fd)> message;
    /// The peer is gone, or sent what is no message, or descriptors that belong to none. Nothing follows.
    std::function<void()> closed;
  };

  /// Takes the socket over. The handler may destroy the channel.
  Channel(boost::asio::io_context& io, int fd, Handler handler);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel();

  /// Queues a message of at most longest_message bytes: the peer closes at a longer one. `fd` is duplicated, the
  /// caller keeps its own; without room for one more the message goes alone.
  void send(std::string message, int fd = -1);
  /// Bytes that wait for the peer.
  std::size_t waiting() const;
  std::size_t waiting_descriptors() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Two ends of a new socket, closed on exec.
std::pair<int, int> socket_pair();

}  // namespace keepalive::io
