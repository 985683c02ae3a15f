// One request to a director and its answer, over a connection of its own: the socket that the director's process
// serves, or TLS to another monitor.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "monitor/answer_reader.hpp"
#include "monitor/wire.hpp"

namespace keepalive::monitor {

struct Order {
  std::string method = "GET";
  std::string target = "";
  std::string body = "";
  std::string by = "";  // who asks for it; empty: the monitor itself
  bool follow = false;  // its answer comes as long as somebody hears
};

struct Hearer {
  /// The answer begins. `type`: as the director says.
  std::function<void(unsigned status, const std::string& type)> head;
  std::function<void(std::string piece)> piece;
  /// Called once, last. `fault`: empty, or why there is no more.
  std::function<void(const std::string& fault)> end;
};

/// How the connection is made.
struct Way {
  int fd = -1;                   // connected, or on its way
  TlsContext context = nullptr;  // null: plain
  std::string host = "";         // that the certificate must name; empty: it is compared with the fingerprint
  bool host_is_address = false;
  std::string fingerprint = "";
  std::string token = "";
  std::shared_ptr<TlsSession> session = nullptr;  // of the last connection to there; null: none is kept
};

class Call final : public std::enable_shared_from_this<Call> {
 public:
  static constexpr std::size_t longest_answer = 24U << 20U;

  Call(boost::asio::io_context& io, Way way, Hearer hearer);

  void start(const Order& order);
  /// Nothing is heard any more.
  void drop();

 private:
  void go();
  bool shake();
  bool write();
  void read();
  bool hear();
  void wait(Wire::Want want);
  void end(const std::string& fault);

  Wire wire_;
  Way way_;
  Hearer hearer_;
  boost::asio::steady_timer timer_;
  AnswerReader reader_ = {};
  std::string request_ = "";
  std::string in_ = "";
  std::size_t written_ = 0;
  std::size_t heard_ = 0;
  bool follow_ = false;
  bool secure_ = false;
  bool told_ = false;
};

}  // namespace keepalive::monitor
