// Listens on several endpoints and keeps the connections in bounds: when there are too many, those go first that
// nobody has logged in on, the oldest first.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "io/listener.hpp"
#include "ipvs++/address.hpp"
#include "monitor/connection.hpp"

namespace keepalive::monitor {

class Server {
 public:
  static constexpr std::size_t most_connections = 640;
  static constexpr std::size_t most_strangers = 256;
  static constexpr std::size_t most_of_origin = 128;  // strangers

  Server(boost::asio::io_context& io, Handler handler);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// From now on at these places, and no others; new connections with this certificate. What does not work is logged
  /// and tried again every 5 s.
  void use(const std::vector<ipvs::Endpoint>& at, TlsContext context);
  std::size_t connections() const { return connections_.size(); }

 private:
  void welcome(boost::asio::ip::tcp::socket socket);
  bool make_room(const std::string& origin);
  void look();

  boost::asio::io_context& io_;
  std::shared_ptr<Handler> handler_;
  TlsContext context_ = nullptr;
  std::map<ipvs::Endpoint, std::unique_ptr<io::Listener>> listeners_ = {};
  std::list<std::shared_ptr<Connection>> connections_ = {};  // oldest first
  boost::asio::steady_timer tick_;
};

}  // namespace keepalive::monitor
