// The ends of heartbeat lines: a UDP socket or a serial device each, opened again whenever it is gone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/heartbeat.hpp"

namespace keepalive::vrrp_role {

class Wires {
 public:
  /// A datagram of the other end's address and port, or bytes of a serial device. Called from the loop.
  using Heard = std::function<void(const std::string& line, std::string_view bytes)>;

  Wires(boost::asio::io_context& io, Heard heard);
  Wires(const Wires&) = delete;
  Wires& operator=(const Wires&) = delete;
  ~Wires();

  /// These, and no others.
  void want(const std::vector<vrrp::Heartbeat>& lines);
  /// Tries those that are not open; logs HEARTBEAT_DEAF at the first failure of a kind.
  void open();
  /// The interface has gone: what is bound to it is opened anew.
  void lose(const std::string& interface);
  /// Never waits. What a socket does not take is lost; a serial device keeps the latest.
  void send(const std::string& line, std::string_view bytes);

 private:
  class Wire;
  boost::asio::io_context& io_;
  Heard heard_;
  std::map<std::string, std::shared_ptr<Wire>> wires_ = {};
};

}  // namespace keepalive::vrrp_role
