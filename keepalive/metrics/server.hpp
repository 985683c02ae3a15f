// What scrapers talk to: GET /metrics over HTTP, one request a connection, and nothing else.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/fd.hpp"
#include "core/scrape.hpp"
#include "io/listener.hpp"
#include "ipvs++/address.hpp"

namespace keepalive::metrics {

class Session;

class Server {
 public:
  /// `ask`: a page is wanted; give it by `answer`. Not asked for another one of that format before.
  Server(boost::asio::io_context& io, std::function<void(core::Format)> ask);
  ~Server();

  /// From now on here. What does not work is logged and tried again every 5 s.
  void listen(const ipvs::Endpoint& at);
  /// For all that wait for this format. The kernel sends the file: memory for a page of 20 MB costs more than the page.
  void answer(const core::Scraped& page, base::Fd file);

 private:
  friend class Session;
  void want(std::shared_ptr<Session> session);
  void give_up();

  boost::asio::io_context& io_;
  std::function<void(core::Format)> ask_;
  boost::asio::steady_timer patience_;  // with the director
  std::optional<ipvs::Endpoint> at_ = std::nullopt;
  std::unique_ptr<io::Listener> listener_ = nullptr;
  std::vector<std::shared_ptr<Session>> waiting_ = {};
  std::set<core::Format> asked_ = {};
  std::shared_ptr<int> ticket_ = std::make_shared<int>();  // each connection has a copy
};

}  // namespace keepalive::metrics
