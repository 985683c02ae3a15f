#include "metrics/server.hpp"

#include <fmt/format.h>

#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <deque>
#include <string_view>
#include <utility>

#include "io/log.hpp"
#include "metrics/classic.hpp"

namespace keepalive::metrics {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::string_view metrics_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
constexpr std::string_view classic_type = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view text_type = "text/plain; charset=utf-8";
constexpr long most_connections = 64;
constexpr std::uint32_t longest_header = 8192;
constexpr std::chrono::seconds patience{10};
constexpr std::chrono::seconds write_patience{30};
constexpr std::chrono::seconds retry_pause{5};

using Text = std::shared_ptr<const std::string>;
Text shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

tcp::endpoint place(const ipvs::Endpoint& at) {
  return {boost::asio::ip::make_address(to_string(at.address)), at.port.value};
}

std::string words(const error_code& error) {
  if (error == boost::asio::error::access_denied)
    return error.message() + "; this role has no privilege: choose a port of 1024 or above";
  return error.message();
}

}  // namespace

class Session final : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Server& server, std::shared_ptr<int> ticket)
      : stream_{std::move(socket)}, server_{server}, ticket_{std::move(ticket)} {}

  void read() {
    parser_.header_limit(longest_header);
    stream_.expires_after(patience);
    http::async_read_header(stream_, buffer_, parser_,
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (!error) return self->take();
                              if (error == http::error::header_limit) return self->refuse(431);
                              if (error.category() == http::make_error_code(http::error::bad_method).category() &&
                                  error != http::error::end_of_stream)
                                self->refuse(400);
                            });
  }

  /// It takes OpenMetrics; else the format before that.
  bool modern() const {
    const std::string_view accept = parser_.get()[http::field::accept];
    return accept.find("application/openmetrics-text") != accept.npos;
  }
  void begin() {
    chunked_ = parser_.get().version() >= 11;
    push(shared(fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\n{}Connection: close\r\nVary: Accept\r\n\r\n",
                            modern() ? metrics_type : classic_type, chunked_ ? "Transfer-Encoding: chunked\r\n" : "")));
  }
  void give(const Text& piece) {
    if (piece->empty()) return;
    if (chunked_) push(shared(fmt::format("{:x}\r\n", piece->size())));
    push(piece);
    if (chunked_) push(shared("\r\n"));
  }
  void end() {
    whole_ = true;
    push(shared(chunked_ ? "0\r\n\r\n" : ""));
  }
  /// Without its end: the scraper sees that it is not whole.
  void cut() {
    error_code ignored;
    stream_.socket().close(ignored);
  }
  void refuse(unsigned status, std::string_view more = "") {
    const std::string body = reason(status) + "\n";
    push(shared(fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}",
                            status, reason(status), text_type, body.size(), more, body)));
    whole_ = true;
  }

 private:
  static std::string reason(unsigned status) { return http::obsolete_reason(http::int_to_status(status)); }

  void take() {
    const auto& request = parser_.get();
    const std::string_view target = request.target();
    if (target.substr(0, target.find('?')) != "/metrics") return refuse(404);
    if (request.method() != http::verb::get) return refuse(405, "Allow: GET\r\n");
    server_.want(shared_from_this());
  }

  void push(Text text) {
    queue_.push_back(std::move(text));
    if (queue_.size() == 1) write();
  }

  void write() {
    stream_.expires_after(write_patience);
    boost::asio::async_write(stream_, boost::asio::buffer(*queue_.front()),
                             [self = shared_from_this()](const error_code& error, std::size_t) {
                               if (error) return self->cut();
                               self->queue_.pop_front();
                               if (!self->queue_.empty()) return self->write();
                               if (self->whole_) self->leave();
                             });
  }

  void leave() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(patience);
    drain();
  }

  /// Closed with bytes unread, a connection is reset, and the answer may be lost.
  void drain() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(4096), [self = shared_from_this()](const error_code& error, std::size_t) {
      if (!error) self->drain();
    });
  }

  boost::beast::tcp_stream stream_;
  Server& server_;
  std::shared_ptr<int> ticket_;
  boost::beast::flat_buffer buffer_ = {};
  http::request_parser<http::empty_body> parser_ = {};
  std::deque<Text> queue_ = {};
  bool chunked_ = false;
  bool whole_ = false;  // nothing more is pushed
};

Server::Server(boost::asio::io_context& io, std::function<void()> ask)
    : io_{io}, ask_{std::move(ask)}, acceptor_{io}, retry_{io}, patience_{io} {}

Server::~Server() = default;

void Server::listen(const ipvs::Endpoint& at) {
  if (at_ == at) return;
  at_ = at;
  fault_.clear();
  open();
}

void Server::open() {
  error_code error;
  acceptor_.close(error);
  const tcp::endpoint where = place(*at_);
  acceptor_.open(where.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
  if (!error) acceptor_.bind(where, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) {
    retry_.cancel();
    io::log(io::Level::info, "METRICS_LISTEN", "at=" + to_string(*at_));
    return accept();
  }
  if (const std::string fault = words(error); std::exchange(fault_, fault) != fault)
    io::log(io::Level::warning, "METRICS_CANNOT_LISTEN",
            fmt::format("at={} text={}", to_string(*at_), io::quoted(fault)));
  open_later();
}

void Server::open_later() {
  retry_.expires_after(retry_pause);
  retry_.async_wait([this](const error_code& error) {
    if (!error) open();
  });
}

void Server::accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (error == boost::asio::error::operation_aborted) return;
    if (error) return open_later();  // too many descriptors
    if (ticket_.use_count() <= most_connections) std::make_shared<Session>(std::move(socket), *this, ticket_)->read();
    accept();
  });
}

void Server::want(std::shared_ptr<Session> session) {
  waiting_.push_back(std::move(session));
  if (waiting_.size() > 1) return;
  patience_.expires_after(patience);
  patience_.async_wait([this](const error_code& error) {
    if (!error) give_up();
  });
  if (!asked_) ask();
}

void Server::ask() {
  asked_ = true;
  ask_();
}

void Server::answer(const std::string& piece, bool more) {
  if (!std::exchange(begun_, true)) {
    patience_.cancel();
    served_ = std::exchange(waiting_, {});
    for (const auto& session : served_) session->begin();
  }
  const Text modern = shared(piece);
  Text old = nullptr;
  for (const auto& session : served_) {
    if (!session->modern() && !old) old = shared(classic(piece));
    session->give(session->modern() ? modern : old);
    if (!more) session->end();
  }
  if (more) return;
  served_.clear();
  asked_ = begun_ = false;
  if (!waiting_.empty()) ask();
}

void Server::give_up() {
  for (const auto& session : std::exchange(waiting_, {})) session->refuse(503);
}

}  // namespace keepalive::metrics
