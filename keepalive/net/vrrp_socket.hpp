// VRRP (IP protocol 112) on one interface in one family. Two raw sockets: one hears the interface, the other speaks,
// perhaps through another device (a macvlan that has the virtual MAC).
//
//   auto socket = VrrpSocket::open(io, {.interface = "eth0", .group = ipvs::Address::parse("224.0.0.18")}, heard);
//   (*socket)->send({.source = ours, .destination = group, .bytes = advertisement});
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "ipvs++/address.hpp"
#include "net/outcome.hpp"
#include "net/values.hpp"

namespace keepalive::net {

/// A VRRP message without its IP header, valid during the call. One longer than 8192 bytes comes cut.
struct Datagram {
  ipvs::Address source = {};
  ipvs::Address destination = {};
  int ttl = 0;          // or hop limit; -1: the kernel did not tell
  Index interface = 0;  // where it came in
  std::span<const std::uint8_t> bytes = {};
};

struct Advert {
  ipvs::Address source = {};  // need not be an address of this host
  ipvs::Address destination = {};
  int ttl = 255;
  std::span<const std::uint8_t> bytes = {};
};

class VrrpSocket {
 public:
  struct Setting {
    std::string interface = "";
    ipvs::Family family = ipvs::Family::ipv4;
    std::optional<ipvs::Address> group = {};  // joined; none: unicast only
    std::string output = "";                  // the device to send through; empty: `interface`
  };
  using Heard = std::function<void(const Datagram&)>;

  /// Opens both sockets and listens. Needs CAP_NET_RAW. `heard` is called from the loop, for at most 16 datagrams in
  /// a turn, never from within a call of this object; it may destroy the socket.
  /// Interfaces are looked up now: when one has gone and come back, open a new socket.
  /// Cost: a dozen system calls. Errors: ENODEV no such interface; EPERM; EADDRNOTAVAIL the group is no multicast
  /// address; those of socket(2) and setsockopt(2).
  static Outcome<std::unique_ptr<VrrpSocket>> open(boost::asio::io_context& io, const Setting& setting, Heard heard);

  VrrpSocket(const VrrpSocket&) = delete;
  VrrpSocket& operator=(const VrrpSocket&) = delete;
  ~VrrpSocket();

  /// One datagram, now: traffic class 0xc0, may be fragmented, not heard by this host. Cost: a system call.
  /// Errors: ENODEV, ENXIO, ENETDOWN the device has gone or is down; EAGAIN no room; EMSGSIZE; those of sendmsg(2).
  Outcome<void> send(const Advert& advert);

 private:
  struct State;
  explicit VrrpSocket(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// An IPv4 packet as raw sockets give it: source, destination, TTL and what follows the header. None if it is no such.
std::optional<Datagram> without_header(std::span<const std::uint8_t> packet);

}  // namespace keepalive::net
