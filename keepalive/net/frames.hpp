// Ethernet frames: those that announce our addresses go out, those by which others announce theirs come in.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "ipvs++/address.hpp"
#include "net/outcome.hpp"
#include "net/values.hpp"

namespace keepalive::net {

/// A whole frame: destination and source MAC, type, content.
using Frame = std::span<const std::uint8_t>;

/// Sends through any interface.
class FrameSender {
 public:
  /// Needs CAP_NET_RAW. Errors: EPERM; those of socket(2).
  static Outcome<std::unique_ptr<FrameSender>> open(boost::asio::io_context& io);

  /// Sends in order; the answer says how many of them the kernel took before its buffer was full (some 250 frames of
  /// 42 bytes fit). An error says why the first could not be sent.
  /// Cost: about 1 µs a frame (5 µs in the lab kernel): give at most 256.
  /// Errors: ENXIO no such interface; ENETDOWN it is down; EINVAL a frame is shorter than its header; EMSGSIZE.
  Outcome<std::size_t> send(Index interface, std::span<const Frame> frames);

  /// Calls `room` once, from the loop, when the kernel takes frames again.
  void wait(std::function<void()> room);

 private:
  explicit FrameSender(boost::asio::io_context& io, int fd) : socket_{io, fd} {}
  boost::asio::posix::stream_descriptor socket_;
};

/// Somebody says that this address is at this MAC.
struct Neighbour {
  ipvs::Address address = {};
  Mac mac = {};
  Index interface = 0;

  friend bool operator==(const Neighbour&, const Neighbour&) = default;
};

/// Hears ARP (IPv4) or neighbour advertisements (IPv6) on one interface. The kernel's filter keeps back all else.
class NeighbourWatch {
 public:
  using Heard = std::function<void(const Neighbour&)>;

  /// `heard` is called from the loop, at most 64 times in a turn, for each ARP request and reply with a sender's
  /// address, or each neighbour advertisement, but for those that this host itself sends. It may destroy the watch.
  /// A watch goes silent when its interface goes: open a new one. Errors: ENODEV; EPERM; those of socket(2).
  static Outcome<std::unique_ptr<NeighbourWatch>> open(boost::asio::io_context& io, Index interface,
                                                       ipvs::Family family, Heard heard);

  NeighbourWatch(const NeighbourWatch&) = delete;
  NeighbourWatch& operator=(const NeighbourWatch&) = delete;
  ~NeighbourWatch();

 private:
  struct State;
  explicit NeighbourWatch(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// What a frame says; none if it is neither ARP with a sender's address nor a neighbour advertisement. `interface` is 0.
std::optional<Neighbour> neighbour_in(Frame frame);

}  // namespace keepalive::net
