// The control socket: HTTP/1.1 over a Unix socket. Requests come in whole and small; answers go out whole, or as a
// stream of lines that ends when either side closes.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace keepalive::io {

struct ControlRequest {
  std::string method = "";
  std::string target = "";
  std::string body = "";
  std::string by = "";  // who asks: the user at the other end, or whom X-Keepalive-By names
};

/// What a handler answers through: give() once, or begin() and any number of line().
class ControlReply {
 public:
  ControlReply() = default;
  ControlReply(const ControlReply&) = delete;
  ControlReply& operator=(const ControlReply&) = delete;
  virtual ~ControlReply() = default;
  virtual void give(unsigned status, std::string_view type, const std::string& body) = 0;
  /// The stream lives as long as the peer does; who writes lines need not keep it alive.
  virtual void begin(std::string_view type) = 0;
  /// False: the peer is gone, or reads too slowly and was cut off.
  virtual bool line(std::string_view text) = 0;
};

class ControlServer {
 public:
  using Handler = std::function<void(const ControlRequest& request, std::shared_ptr<ControlReply> reply)>;

  static constexpr long most_connections = 256;

  /// Listens at `path`, which it takes from a predecessor that is gone. Throws std::exception, which names the path.
  ControlServer(boost::asio::io_context& io, const std::string& path, Handler handler);
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  ~ControlServer();

 private:
  void accept();
  void accept_later();

  boost::asio::local::stream_protocol::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<int> ticket_ = std::make_shared<int>(0);  // each connection has a copy
  std::string path_;
  std::shared_ptr<Handler> handler_;
};

/// Serves one connection until it ends, whoever made it: one of the monitor, who has people behind it and is believed
/// in X-Keepalive-By who asks.
void serve(boost::asio::local::stream_protocol::socket socket, ControlServer::Handler handler);

}  // namespace keepalive::io
