// The sockets in which virtual routers are heard and speak, and where neighbours are overheard that claim their
// addresses.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/vrrp/router.hpp"
#include "net/frames.hpp"
#include "net/links.hpp"
#include "net/vrrp_socket.hpp"

namespace keepalive::vrrp_role {

class Ears {
 public:
  using Hear = std::function<void(const core::vrrp::Event&)>;

  Ears(boost::asio::io_context& io, Hear hear) : io_{io}, hear_{std::move(hear)} {}

  /// What instances need and is not open yet; what they do not need is closed. One that cannot be opened is told of
  /// once (VRRP_DEAF), and tried at each call.
  void open(const core::vrrp::Router& router, const net::Links& links);
  /// An interface is gone.
  void lose(const std::string& interface);
  void send(const core::vrrp::Transmit& order) const;

 private:
  using Ear = std::pair<std::string, ipvs::Family>;
  struct Open {
    std::unique_ptr<net::VrrpSocket> socket = nullptr;
    bool multicast = false;
  };
  void open_socket(const Ear& ear, bool multicast);
  void open_watch(const Ear& ear, const net::Links& links);

  boost::asio::io_context& io_;
  Hear hear_;
  std::map<Ear, Open> sockets_ = {};
  std::map<Ear, int> deaf_ = {};  // what could not be opened, and was told of
  std::map<Ear, std::unique_ptr<net::NeighbourWatch>> watches_ = {};
};

}  // namespace keepalive::vrrp_role
