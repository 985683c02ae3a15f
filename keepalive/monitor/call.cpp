#include "monitor/call.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <utility>

#include "monitor/secret.hpp"

namespace keepalive::monitor {
namespace {

constexpr std::chrono::seconds longest_look{10};
constexpr std::chrono::seconds longest_act{60};  // a reload, a switchover

}  // namespace

Call::Call(boost::asio::io_context& io, Way way, Hearer hearer)
    : wire_{io, way.fd, way.context, Wire::Side::client}, way_{std::move(way)}, hearer_{std::move(hearer)}, timer_{io} {
  if (way_.context && !way_.host.empty()) wire_.expect(way_.host, way_.host_is_address);
  if (way_.session) wire_.resume(*way_.session);
}

void Call::start(const Order& order) {
  follow_ = order.follow;
  request_ = fmt::format("{} {} HTTP/1.1\r\nHost: director\r\nConnection: close\r\n", order.method, order.target);
  if (!way_.token.empty()) request_ += fmt::format("Authorization: Bearer {}\r\n", way_.token);
  if (!order.by.empty()) request_ += fmt::format("X-Keepalive-By: {}\r\n", order.by);
  if (order.method != "GET")
    request_ += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", order.body.size());
  request_ += "\r\n" + order.body;
  const std::chrono::seconds longest = order.method == "GET" ? longest_look : longest_act;
  timer_.expires_after(longest);
  timer_.async_wait([weak = weak_from_this(), longest](const boost::system::error_code& error) {
    if (const auto self = weak.lock(); self && !error) self->end(fmt::format("no answer within {} s", longest.count()));
  });
  wait(Wire::Want::write);  // connected, by then
}

void Call::drop() {
  hearer_ = {};
  timer_.cancel();
  wire_.close();
}

void Call::end(const std::string& fault) {
  if (!wire_.is_open()) return;
  const auto self = shared_from_this();
  const Hearer hearer = std::move(hearer_);
  if (way_.session) *way_.session = secure_ ? wire_.keep_session() : nullptr;
  drop();
  if (hearer.end) hearer.end(fault);
}

void Call::wait(Wire::Want want) {
  wire_.wait(want, [self = shared_from_this()] { self->go(); });
}

void Call::go() {
  if (wire_.is_open() && shake() && write()) read();
}

bool Call::shake() {
  if (secure_ || !way_.context) {
    secure_ = true;
    return true;
  }
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(wire_.fd(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0)
    return end(std::strerror(error)), false;
  const Wire::Want want = wire_.shake();
  if (want == Wire::Want::end)
    return end("its certificate is not the one that is expected, or it speaks no TLS"), false;
  if (want != Wire::Want::nothing) return wait(want), false;
  if (way_.host.empty() && !same(wire_.fingerprint(), way_.fingerprint))
    return end("its certificate has another fingerprint: " + wire_.fingerprint()), false;
  secure_ = true;
  return true;
}

bool Call::write() {
  while (written_ < request_.size()) {
    const Wire::Done done = wire_.write(std::string_view{request_}.substr(written_));
    if (done.want == Wire::Want::end) return end("it closed the connection"), false;
    if (done.size == 0) return wait(done.want), false;
    written_ += done.size;
  }
  return true;
}

void Call::read() {
  std::array<char, 16384> room;
  for (unsigned turns = 0; wire_.is_open(); ++turns) {
    if (turns == 64) return wait(Wire::Want::write);  // others have their turn
    const Wire::Done done = wire_.read(room.data(), room.size());
    if (done.want == Wire::Want::read || done.want == Wire::Want::write) return wait(done.want);
    in_.append(room.data(), done.size);
    if (done.want == Wire::Want::end) {
      if (!hear()) return;
      const bool whole = reader_.finish() == AnswerReader::Step::whole;
      return end(whole ? "" : "it closed the connection");
    }
    if (!hear()) return;
  }
}

/// False: it is over.
bool Call::hear() {
  for (;;) {
    const AnswerReader::Step step = reader_.take(in_);
    if (step == AnswerReader::Step::fault) return end("what it answers is no HTTP"), false;
    if (!told_ && step == AnswerReader::Step::head) {
      told_ = true;
      follow_ = follow_ && reader_.status() == 200;
      if (follow_) timer_.cancel();
      if (hearer_.head) hearer_.head(reader_.status(), reader_.type());
      continue;
    }
    std::string body = told_ ? reader_.body() : std::string{};
    heard_ += body.size();
    if (!follow_ && heard_ > longest_answer) return end("its answer is too long"), false;
    if (!body.empty() && hearer_.piece) hearer_.piece(std::move(body));
    if (step == AnswerReader::Step::whole) return end(""), false;
    return wire_.is_open();
  }
}

}  // namespace keepalive::monitor
