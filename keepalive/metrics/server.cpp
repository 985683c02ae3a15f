#include "metrics/server.hpp"

#include <fmt/format.h>
#include <sys/sendfile.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <utility>

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
constexpr io::Listener::Ids ids{
    .listens = "METRICS_LISTEN", .cannot = "METRICS_CANNOT_LISTEN", .closed = "METRICS_CLOSED"};

using File = std::shared_ptr<const base::Fd>;

}  // namespace

class Session final : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Server& server, std::shared_ptr<int> ticket)
      : stream_{std::move(socket)}, server_{server}, ticket_{std::move(ticket)}, patience_{stream_.get_executor()} {}

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

  core::Format format() const {
    const std::string_view accept = parser_.get()[http::field::accept];
    const bool modern = accept.find("application/openmetrics-text") != accept.npos;
    return modern ? core::Format::open_metrics : core::Format::classic;
  }
  void give(const File& file, std::uint64_t bytes) {
    file_ = file;
    left_ = bytes;
    answer(fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\nVary: Accept\r\n\r\n",
        format() == core::Format::open_metrics ? metrics_type : classic_type, bytes));
  }
  void refuse(unsigned status, std::string_view more = "") {
    const std::string body = reason(status) + "\n";
    answer(fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}",
                       status, reason(status), text_type, body.size(), more, body));
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

  /// This, and then the file.
  void answer(std::string text) {
    text_ = std::move(text);
    stream_.expires_after(write_patience);
    boost::asio::async_write(stream_, boost::asio::buffer(text_),
                             [self = shared_from_this()](const error_code& error, std::size_t) {
                               if (error) return;
                               error_code ignored;
                               self->stream_.socket().native_non_blocking(true, ignored);
                               self->send();
                             });
  }

  /// Without its end where the scraper has no patience: it sees that the page is not whole.
  void send() {
    while (left_ > 0) {
      const ssize_t sent = ::sendfile(stream_.socket().native_handle(), file_->get(), &at_, left_);
      if (sent < 0 && errno == EAGAIN) return send_later();
      if (sent <= 0) return;
      left_ -= static_cast<std::uint64_t>(sent);
    }
    leave();
  }
  void send_later() {
    patience_.expires_after(write_patience);
    patience_.async_wait([self = shared_from_this()](const error_code& error) {
      if (error) return;
      error_code ignored;
      self->stream_.socket().close(ignored);
    });
    stream_.socket().async_wait(tcp::socket::wait_write, [self = shared_from_this()](const error_code& error) {
      self->patience_.cancel();
      if (!error) self->send();
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
  boost::asio::steady_timer patience_;
  std::string text_ = "";
  File file_ = nullptr;
  std::uint64_t left_ = 0;  // of the file
  off_t at_ = 0;
};

Server::Server(boost::asio::io_context& io, std::function<void(core::Format)> ask)
    : io_{io}, ask_{std::move(ask)}, patience_{io} {}

Server::~Server() = default;

void Server::listen(const ipvs::Endpoint& at) {
  if (at_ == at) return;
  at_ = at;
  listener_.reset();  // one of the same port goes first
  listener_ = std::make_unique<io::Listener>(io_, at, ids, [this](tcp::socket socket) {
    if (ticket_.use_count() <= most_connections) std::make_shared<Session>(std::move(socket), *this, ticket_)->read();
  });
}

void Server::want(std::shared_ptr<Session> session) {
  const core::Format format = session->format();
  waiting_.push_back(std::move(session));
  if (waiting_.size() == 1) {
    patience_.expires_after(patience);
    patience_.async_wait([this](const error_code& error) {
      if (!error) give_up();
    });
  }
  if (asked_.insert(format).second) ask_(format);
}

void Server::answer(const core::Scraped& page, base::Fd file) {
  asked_.erase(page.format);
  const auto theirs = std::stable_partition(waiting_.begin(), waiting_.end(),
                                            [&](const auto& one) { return one->format() != page.format; });
  const std::vector<std::shared_ptr<Session>> served{theirs, waiting_.end()};
  waiting_.erase(theirs, waiting_.end());
  if (waiting_.empty()) patience_.cancel();
  const auto shared = std::make_shared<const base::Fd>(std::move(file));
  for (const auto& session : served) {
    if (*shared)
      session->give(shared, page.bytes);
    else
      session->refuse(503);
  }
}

void Server::give_up() {
  for (const auto& session : std::exchange(waiting_, {})) session->refuse(503);
  asked_.clear();  // an answer that comes yet is for those who wait then
}

}  // namespace keepalive::metrics
