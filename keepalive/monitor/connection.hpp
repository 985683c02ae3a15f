// One connection of a browser or program: requests one after the other, each answered before the next is read. What
// is slow, or silent, or too large is cut; nothing is kept for it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/verdict.hpp"
#include "ipvs++/address.hpp"
#include "monitor/http.hpp"
#include "monitor/wire.hpp"

namespace keepalive::monitor {

using Text = std::shared_ptr<const std::string>;

struct Visitor {
  ipvs::Address address = {};
  std::string certificate = "";  // the common name of one that its authority signed; empty: none
};

/// What a request is answered through: give() once, or begin() and any number of send(), then end().
class Reply {
 public:
  Reply() = default;
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  virtual ~Reply() = default;
  virtual void give(const Answer& answer) = 0;
  /// A stream: answer.body is not looked at.
  virtual void begin(const Answer& answer) = 0;
  /// False: the visitor is gone, or reads too slowly and was cut off.
  virtual bool send(Text text) = 0;
  virtual void end() = 0;
  virtual bool open() const = 0;
  /// Who sent the request may be here: the connection is not among those that go first when there are too many.
  virtual void know() = 0;
  /// Called once, when the connection has ended.
  virtual void on_gone(std::function<void()> then) = 0;
};

struct Handler {
  /// How long this request's body may be; asked when its head is there.
  std::function<std::size_t(const Request& request)> longest_body;
  std::function<void(Request request, const Visitor& visitor, std::shared_ptr<Reply> reply)> answer;
};

class Connection final : public Reply, public std::enable_shared_from_this<Connection> {
 public:
  /// `gone` is called once, when it has ended by itself.
  Connection(boost::asio::io_context& io, int fd, TlsContext context, Visitor visitor, std::shared_ptr<Handler> handler,
             std::function<void(Connection& which)> gone);

  void start();
  /// Ends it if it is late.
  void look(core::Time now);
  void close();

  bool known() const { return known_; }
  /// Something is being done for it.
  bool busy() const { return phase_ == Phase::thinking; }
  /// Between two requests.
  bool idle() const { return phase_ == Phase::reading && !reader_.begun(); }
  const std::string& origin() const { return origin_; }

  void give(const Answer& answer) override;
  void begin(const Answer& answer) override;
  bool send(Text text) override;
  void end() override;
  bool open() const override { return wire_.is_open(); }
  void know() override { known_ = true; }
  void on_gone(std::function<void()> then) override { then_ = std::move(then); }

 private:
  enum class Phase : std::uint8_t { shaking, reading, thinking, answering, streaming, leaving };

  void go();
  void step();
  void shake();
  void read();
  /// False: there was nothing.
  bool fill();
  void take_head();
  void discard();
  void take();
  void refuse(const HttpFault& fault);
  void flush();
  void answered();
  void wait(Wire::Want want);
  void push(Text text);
  void await(core::Time patience);

  boost::asio::io_context& io_;
  Wire wire_;
  Visitor visitor_;
  std::string origin_;
  std::shared_ptr<Handler> handler_;
  std::function<void(Connection&)> gone_;
  std::function<void()> then_ = nullptr;
  RequestReader reader_ = {};
  std::string in_ = "";
  std::deque<Text> out_ = {};
  std::size_t written_ = 0;   // of the first
  std::size_t waiting_ = 0;   // bytes of all
  std::size_t ignored_ = 0;   // bytes that came while a stream went out
  core::Time deadline_ = {};  // 0: none
  Phase phase_ = Phase::shaking;
  bool keep_ = false;
  bool packed_ = false;
  bool head_only_ = false;
  bool known_ = false;
  bool ending_ = false;  // a stream, once all is written
  bool going_ = false;
  bool again_ = false;
  bool waits_to_read_ = false;
  bool waits_to_write_ = false;
};

}  // namespace keepalive::monitor
