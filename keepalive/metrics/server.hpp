// What scrapers talk to: GET /metrics over HTTP, one request a connection, and nothing else.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ipvs++/address.hpp"

namespace keepalive::metrics {

class Session;

class Server {
 public:
  /// `ask`: the text is wanted; give it by `answer`. Not asked again before that, or before 10 s are over.
  Server(boost::asio::io_context& io, std::function<void()> ask);
  ~Server();

  /// From now on here. What does not work is logged and tried again every 5 s.
  void listen(const ipvs::Endpoint& at);
  /// For all that wait.
  void answer(std::string text);

 private:
  friend class Session;
  void want(std::shared_ptr<Session> session);
  void give_up();
  void open();
  void open_later();
  void accept();

  boost::asio::io_context& io_;
  std::function<void()> ask_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer retry_;
  boost::asio::steady_timer patience_;  // with the director
  std::optional<ipvs::Endpoint> at_ = std::nullopt;
  std::string fault_ = "";  // the last one told
  std::vector<std::shared_ptr<Session>> waiting_ = {};
  std::shared_ptr<int> ticket_ = std::make_shared<int>();  // each connection has a copy
};

}  // namespace keepalive::metrics
