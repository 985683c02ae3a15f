#include "monitor/connection.hpp"

#include <array>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "io/clock.hpp"
#include "monitor/lockout.hpp"

namespace keepalive::monitor {
namespace {

using std::chrono::seconds;

constexpr seconds handshake_patience{10};
constexpr seconds request_patience{10};
constexpr seconds body_patience{60};  // of somebody who may be here
constexpr seconds stranger_idle{15};
constexpr seconds known_idle{60};
constexpr seconds stranger_write{30};  // the whole answer
constexpr seconds write_stall{20};     // without a byte taken
constexpr seconds leave_patience{2};
constexpr std::size_t longest_queue = 4U << 20U;  // of a stream
constexpr std::size_t most_ignored = 64U << 10U;
constexpr unsigned most_at_once = 16;  // steps before others have their turn

constexpr std::string_view plain_answer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 35\r\n"
    "Connection: close\r\n\r\nThis port speaks https, not http.\r\n";

using Room = std::array<char, 16384>;
Room& room() {
  static Room shared;  // one loop reads
  return shared;
}

}  // namespace

Connection::Connection(boost::asio::io_context& io, int fd, TlsContext context, Visitor visitor,
                       std::shared_ptr<Handler> handler, std::function<void(Connection&)> gone)
    : io_{io},
      wire_{io, fd, std::move(context), Wire::Side::server},
      visitor_{std::move(visitor)},
      origin_{monitor::origin(visitor_.address)},
      handler_{std::move(handler)},
      gone_{std::move(gone)} {}

void Connection::start() {
  await(handshake_patience);
  go();
}

void Connection::await(core::Time patience) { deadline_ = io::now() + patience; }

void Connection::look(core::Time now) {
  if (deadline_ != core::Time{} && now > deadline_) close();
}

void Connection::close() {
  if (!wire_.is_open()) return;
  const auto self = shared_from_this();
  wire_.close();
  out_.clear();
  if (const auto gone = std::exchange(gone_, nullptr)) gone(*this);
  if (const auto then = std::exchange(then_, nullptr)) then();
}

/// Steps may lead to others at once: those are taken here, one after the other.
void Connection::go() {
  again_ = true;
  if (std::exchange(going_, true)) return;
  const auto self = shared_from_this();
  for (unsigned steps = 0; std::exchange(again_, false) && wire_.is_open(); ++steps) {
    if (steps == most_at_once) {
      boost::asio::post(io_, [self] { self->go(); });
      break;
    }
    step();
  }
  going_ = false;
}

void Connection::step() {
  if (phase_ == Phase::shaking) shake();
  if (!out_.empty() && wire_.is_open()) flush();
  if (!wire_.is_open()) return;
  if (phase_ == Phase::reading) return read();
  if ((phase_ == Phase::streaming || phase_ == Phase::leaving) && !waits_to_read_) discard();
}

void Connection::shake() {
  const Wire::Want want = wire_.shake();
  if (want == Wire::Want::end) {
    if (wire_.spoke_http()) wire_.say_plainly(plain_answer);
    return close();
  }
  if (want != Wire::Want::nothing) return wait(want);
  visitor_.certificate = wire_.common_name();
  phase_ = Phase::reading;
  await(request_patience);
}

void Connection::read() {
  while (phase_ == Phase::reading && wire_.is_open()) {
    switch (reader_.take(in_)) {
      case RequestReader::Step::more:
        if (!fill()) return;
        break;
      case RequestReader::Step::head:
        take_head();
        break;
      case RequestReader::Step::whole:
        return take();
      case RequestReader::Step::fault:
        return refuse(reader_.fault());
    }
  }
}

void Connection::take_head() {
  const std::size_t longest = handler_->longest_body(reader_.request());
  reader_.allow(longest);
  await(longest == longest_body ? body_patience : request_patience);
  if (reader_.hesitates()) push(std::make_shared<const std::string>("HTTP/1.1 100 Continue\r\n\r\n"));
}

bool Connection::fill() {
  const bool first = in_.empty() && !reader_.begun();
  const Wire::Done done = wire_.read(room().data(), room().size());
  if (done.size > 0) {
    in_.append(room().data(), done.size);
    if (first) await(request_patience);
    return true;
  }
  if (done.want == Wire::Want::end)
    close();
  else
    wait(done.want);
  return false;
}

void Connection::discard() {
  for (;;) {
    const Wire::Done done = wire_.read(room().data(), room().size());
    ignored_ += done.size;
    if (done.want == Wire::Want::end || ignored_ > most_ignored) return close();
    if (done.size == 0) return wait(done.want);
  }
}

void Connection::take() {
  phase_ = Phase::thinking;
  deadline_ = {};
  Request request = std::move(reader_.request());
  keep_ = request.keep;
  packed_ = request.packed;
  head_only_ = request.method == "HEAD";
  known_ = false;  // until this request proves it
  handler_->answer(std::move(request), visitor_, shared_from_this());
}

void Connection::refuse(const HttpFault& fault) {
  phase_ = Phase::thinking;
  keep_ = false;
  give(fault_answer(fault.status, fault.text));
}

void Connection::give(const Answer& given) {
  if (phase_ != Phase::thinking || !wire_.is_open()) return;
  Answer answer = given;
  if (answer.packed) answer.headers.emplace_back("Vary", "Accept-Encoding");
  if (answer.packed && packed_) {
    answer.headers.emplace_back("Content-Encoding", "gzip");
    answer.body = answer.packed;
  }
  const bool bodiless = answer.status == 304 || answer.status == 204;
  const std::size_t length = answer.body ? answer.body->size() : 0;
  phase_ = Phase::answering;
  await(stranger_write);
  push(std::make_shared<const std::string>(answer_head(answer, length, keep_)));
  if (answer.body && !head_only_ && !bodiless) push(answer.body);
  go();
}

void Connection::begin(const Answer& answer) {
  if (phase_ != Phase::thinking || !wire_.is_open()) return;
  keep_ = false;
  phase_ = head_only_ ? Phase::answering : Phase::streaming;
  await(write_stall);
  push(std::make_shared<const std::string>(answer_head(answer, std::nullopt, false)));
  go();
}

bool Connection::send(Text text) {
  if (phase_ != Phase::streaming || !wire_.is_open()) return false;
  if (waiting_ + text->size() > longest_queue) return close(), false;
  if (out_.empty()) await(write_stall);
  push(std::move(text));
  go();
  return wire_.is_open();
}

void Connection::end() {
  if (phase_ != Phase::streaming || !wire_.is_open()) return;
  ending_ = true;
  if (out_.empty()) answered();
}

void Connection::push(Text text) {
  if (text->empty()) return;
  waiting_ += text->size();
  out_.push_back(std::move(text));
  again_ = true;
}

void Connection::flush() {
  while (!out_.empty()) {
    const Wire::Done done = wire_.write(std::string_view{*out_.front()}.substr(written_));
    if (done.want == Wire::Want::end) return close();
    if (done.size == 0) return wait(done.want);
    written_ += done.size;
    if (known_ || phase_ == Phase::streaming) await(write_stall);
    if (written_ < out_.front()->size()) continue;
    waiting_ -= written_;
    written_ = 0;
    out_.pop_front();
  }
  if (phase_ == Phase::answering || ending_) return answered();
  if (phase_ == Phase::streaming) deadline_ = {};
}

void Connection::answered() {
  again_ = true;
  if (keep_) {
    reader_.begin();
    phase_ = Phase::reading;
    await(known_ ? known_idle : stranger_idle);
    return;
  }
  phase_ = Phase::leaving;
  ending_ = false;
  await(leave_patience);
  wire_.finish();
}

void Connection::wait(Wire::Want want) {
  bool& waits = want == Wire::Want::write ? waits_to_write_ : waits_to_read_;
  if (std::exchange(waits, true)) return;
  wire_.wait(want, [weak = weak_from_this(), &waits] {
    const auto self = weak.lock();
    if (!self) return;
    waits = false;
    self->go();
  });
}

}  // namespace keepalive::monitor
