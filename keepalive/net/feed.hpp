// A netlink socket that hears what changes and asks for what is there. Within one socket both come in the kernel's
// order, so that a dump and the changes beside it fit together.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>

#include "base/fd.hpp"
#include "net/netlink.hpp"
#include "net/outcome.hpp"

namespace keepalive::net {

class Feed : public std::enable_shared_from_this<Feed> {
 public:
  struct Handler {
    /// A notification, or, `asked`, an item of the dump that was asked for last.
    std::function<void(std::uint16_t type, netlink::Bytes payload, bool asked)> message;
    /// The dump has ended. False: things changed meanwhile and it is not a true picture; ask again.
    std::function<void(bool whole)> end;
    /// Notifications were lost.
    std::function<void()> lost;
    /// All that lay there has been told, or as much as fits in a turn.
    std::function<void()> turn;
  };

  /// Errors: those of socket(2), setsockopt(2), bind(2).
  static Outcome<std::shared_ptr<Feed>> open(boost::asio::io_context& io);
  Feed(boost::asio::io_context& io, base::Fd fd, std::uint32_t port);

  /// From now on notifications of these groups (RTNLGRP_…) come in; joining again changes nothing. Returns an errno.
  int join(std::initializer_list<unsigned> groups);

  /// Starts to listen; the handler is called from the loop until close().
  void start(Handler handler);
  void close();

  /// Asks for a dump, one at a time; of routes those of one family and table, of all else everything. Returns an errno.
  int dump(std::uint16_t type, std::uint8_t family = 0, std::uint32_t table = 0);

 private:
  void listen();
  void read();
  void tell(netlink::Bytes datagram);
  void tell_one(const nlmsghdr& header, netlink::Bytes payload);

  boost::asio::posix::stream_descriptor socket_;
  Handler handler_ = {};
  std::unique_ptr<std::uint8_t[]> memory_;
  std::uint32_t port_;
  std::uint32_t sequence_ = 0;
  bool whole_ = true;
  bool open_ = true;
};

}  // namespace keepalive::net
