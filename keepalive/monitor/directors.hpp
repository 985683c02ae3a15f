// The directors that requests may go to: the one that started us, and those behind other monitors.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/monitor.hpp"
#include "monitor/call.hpp"

namespace keepalive::monitor {

class Directors {
 public:
  static constexpr unsigned most_calls = 16;  // of one director, at a time, beside those that follow
  static constexpr unsigned most_followers = 64;

  /// `connect`: asks our director for a connection; gives our end of it, or -1.
  Directors(boost::asio::io_context& io, std::function<int()> connect);

  /// Empty, or what cannot be used of peers: a sentence each.
  std::vector<std::string> use(const std::string& local, const std::vector<Monitor::Peer>& peers);
  /// Ours first.
  const std::vector<std::string>& names() const { return names_; }
  bool is_local(const std::string& name) const { return name == names_.front(); }
  /// `name` of a request: "local" is ours, too. Empty: there is none.
  std::string known(const std::string& name) const;

  /// `target`: "/v1/…". Null: it cannot be asked now; the hearer has been told why.
  std::shared_ptr<Call> ask(const std::string& name, Order order, Hearer hearer);

 private:
  struct Peer {
    Monitor::Peer settings = {};
    TlsContext context = nullptr;
    std::shared_ptr<TlsSession> session = std::make_shared<TlsSession>();
  };
  std::string way_to(const std::string& name, Way& way);

  boost::asio::io_context& io_;
  std::function<int()> connect_;
  std::vector<std::string> names_ = {"local"};
  std::map<std::string, Peer> peers_ = {};
  std::map<std::pair<std::string, bool>, std::shared_ptr<int>> running_ = {};  // each call has a copy
};

/// A socket on its way to there; -1: errno tells why.
int dial(const ipvs::Endpoint& at);

}  // namespace keepalive::monitor
