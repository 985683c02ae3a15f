// Takes TCP connections at one place for as long as it lives. What does not work is logged and tried again.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "ipvs++/address.hpp"

namespace keepalive::io {

class Listener {
 public:
  using Welcome = std::function<void(boost::asio::ip::tcp::socket)>;
  /// Ids of what is logged.
  struct Ids {
    std::string_view listens = "";
    std::string_view cannot = "";
    std::string_view closed = "";
  };

  /// `pause`: until it is tried again.
  Listener(boost::asio::io_context& io, const ipvs::Endpoint& at, const Ids& ids, Welcome welcome,
           std::chrono::milliseconds pause = std::chrono::seconds{5});
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  /// The place is free again.
  ~Listener();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace keepalive::io
