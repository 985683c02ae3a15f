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
  /// `ask`: the text is wanted; give it by `answer`. Not asked again before that.
  Server(boost::asio::io_context& io, std::function<void()> ask);
  ~Server();

  /// From now on here. What does not work is logged and tried again every 5 s.
  void listen(const ipvs::Endpoint& at);
  /// The next piece, of whole lines, for all that waited when its page began: passed on as it comes, since memory for a
  /// page of 20 MB costs more than the page.
  void answer(const std::string& piece, bool more);

 private:
  friend class Session;
  void want(std::shared_ptr<Session> session);
  void ask();
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
  std::string fault_ = "";                              // the last one told
  std::vector<std::shared_ptr<Session>> waiting_ = {};  // for a page to begin
  std::vector<std::shared_ptr<Session>> served_ = {};   // the page that comes
  bool asked_ = false;
  bool begun_ = false;
  std::shared_ptr<int> ticket_ = std::make_shared<int>();  // each connection has a copy
};

}  // namespace keepalive::metrics
