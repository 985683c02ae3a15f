// A generic netlink socket. The kernel answers while it is being asked: when send() returns, the answers lie in
// the receive buffer. So nothing here ever waits. Where no answer lies, netlink_rcv_skb() kept it back: it does so
// for EINTR, and for nothing else. (libnl waits for it, for ever.)
#pragma once

#include <netlink/socket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <tl/expected.hpp>

#include "codec.hpp"

namespace ipvs {

/// A value or the errno, as the kernel gave it.
template <class T>
using Outcome = tl::expected<T, int>;

class GenlSocket {
 public:
  static Outcome<GenlSocket> open();

  /// Enlarges the receive buffer; tells how many requests may be refused at once without overflowing it.
  std::size_t make_room();

  /// Takes `count` sequence numbers in a row and returns the first.
  std::uint32_t sequence(std::size_t count = 1);

  /// Sends `requests` and calls `visit(const nlmsghdr&, payload) -> Outcome<bool>` for each answer to one of the
  /// `count` sequence numbers from `first` on, until it returns true or an error.
  /// Errors: EBADMSG; ENOBUFS when answers are lost; EINTR when the kernel gives none; those of sendmsg(2), recvmmsg(2) and of `visit`.
  template <class Visit>
  Outcome<void> exchange(codec::Bytes requests, std::uint32_t first, std::size_t count, Visit visit) {
    Outcome<bool> done = send(requests);
    while (done == false) {
      done = each_answer([&](const nlmsghdr& header, codec::Bytes payload) -> Outcome<bool> {
        if (header.nlmsg_seq - first >= count) return false;
        return visit(header, payload);
      });
    }
    if (done) return {};
    drain();
    return tl::unexpected(done.error());
  }

 private:
  struct Free {
    void operator()(nl_sock* socket) const { nl_socket_free(socket); }
  };
  class Inbox;
  struct FreeInbox {
    void operator()(Inbox* inbox) const;
  };

  /// One look into the receive buffer; false: `visit` wants more.
  template <class Visit>
  Outcome<bool> each_answer(Visit visit) {
    const Outcome<std::span<const codec::Bytes>> datagrams = receive();
    if (!datagrams) return tl::unexpected(datagrams.error() == EAGAIN ? EINTR : datagrams.error());
    Outcome<bool> done = false;
    for (codec::Bytes datagram : *datagrams) {
      const bool whole = codec::each_message(datagram, [&](const nlmsghdr& header, codec::Bytes payload) {
        done = visit(header, payload);
        return done == false;
      });
      if (done != false) return done;
      if (!whole) return tl::unexpected(EBADMSG);
    }
    return false;
  }

  GenlSocket();
  Outcome<bool> send(codec::Bytes requests);
  Outcome<std::span<const codec::Bytes>> receive();
  void drain();

  std::unique_ptr<nl_sock, Free> socket_;
  std::unique_ptr<Inbox, FreeInbox> inbox_;
  std::uint32_t sequence_ = 0;
};

/// The number of a generic netlink family; the kernel loads a module to find it. Errors: ENOENT.
Outcome<std::uint16_t> find_family(GenlSocket& socket, std::string_view name);

}  // namespace ipvs
