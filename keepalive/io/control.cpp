#include "io/control.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <deque>
#include <optional>
#include <stdexcept>
#include <utility>

namespace keepalive::io {
namespace {

namespace http = boost::beast::http;
using Protocol = boost::asio::local::stream_protocol;
using Stream = boost::beast::basic_stream<Protocol>;

constexpr std::size_t longest_body = 1U << 20U;
constexpr std::uint32_t longest_header = 16384;
constexpr std::string_view by_header = "X-Keepalive-By";
constexpr std::size_t longest_name = 160;  // two of them
constexpr std::size_t longest_queue = 4U << 20U;
constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;
constexpr std::chrono::seconds patience{30};
constexpr std::chrono::milliseconds accept_pause{100};

/// One connection; requests follow each other.
class Session final : public ControlReply, public std::enable_shared_from_this<Session> {
 public:
  enum class Peer : std::uint8_t { user, monitor };

  Session(Protocol::socket socket, std::shared_ptr<ControlServer::Handler> handler, Peer peer,
          std::shared_ptr<int> ticket)
      : stream_{std::move(socket)}, handler_{std::move(handler)}, peer_{peer}, ticket_{std::move(ticket)} {}

  void read() {
    parser_.emplace();
    parser_->body_limit(longest_body);
    parser_->header_limit(longest_header);
    stream_.expires_after(patience);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                       if (!error) return self->take();
                       if (error == http::error::body_limit || error == http::error::header_limit)
                         return self->refuse(413, "the request is too large");
                       if (error.category() == http::make_error_code(http::error::bad_method).category() &&
                           error != http::error::end_of_stream)
                         return self->refuse(400, "this is no HTTP request");
                     });
  }

  void give(unsigned status, std::string_view type, const std::string& body) override {
    stream_.expires_after(patience);
    std::string answer = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n", status,
                                     std::string_view{http::obsolete_reason(http::int_to_status(status))}, type,
                                     body.size(), keep_ ? "" : "Connection: close\r\n");
    if (!head_only_) answer += body;
    send(std::move(answer));
  }

  void begin(std::string_view type) override {
    stream_.expires_never();
    if (head_only_) {
      keep_ = false;
      return send(fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\nConnection: close\r\n\r\n", type));
    }
    streaming_ = true;
    send(fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\nTransfer-Encoding: chunked\r\n\r\n", type));
    watch();
  }

  bool line(std::string_view text) override {
    if (waiting_ > longest_queue) close();
    if (!streaming_ || !stream_.socket().is_open()) return false;
    send(fmt::format("{:x}\r\n{}\r\n", text.size(), text));
    return true;
  }

  void refuse(unsigned status, std::string_view text) {
    keep_ = false;
    give(status, "application/json", fmt::format("{{\"error\":\"{}\"}}\n", text));
  }

 private:
  void take() {
    const auto& request = parser_->get();
    keep_ = request.keep_alive();
    head_only_ = request.method() == http::verb::head;
    const ControlRequest plain{.method = std::string{head_only_ ? "GET" : request.method_string()},
                               .target = std::string{request.target()},
                               .body = request.body(),
                               .by = asker(request[by_header])};
    stream_.expires_never();  // the answer may take its time: a reload, a drain
    (*handler_)(plain, shared_from_this());
  }

  /// The monitor's word is taken for somebody else's.
  std::string asker(std::string_view told) {
    if (peer_ == Peer::monitor && !told.empty()) return std::string{told.substr(0, longest_name)};
    ucred peer = {};
    socklen_t size = sizeof peer;
    if (::getsockopt(stream_.socket().native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {};
    return peer.uid == 0 ? "root" : fmt::format("uid {}", peer.uid);
  }

  /// Notices that the reader of a stream has gone.
  void watch() {
    stream_.socket().async_wait(Protocol::socket::wait_read,
                                [self = shared_from_this()](const boost::system::error_code& error) {
                                  if (!error) self->close();
                                });
  }

  void send(std::string bytes) {
    waiting_ += bytes.size();
    queue_.push_back(std::move(bytes));
    if (queue_.size() == 1) write();
  }

  void write() {
    boost::asio::async_write(stream_, boost::asio::buffer(queue_.front()),
                             [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                               if (error) return self->close();
                               self->waiting_ -= self->queue_.front().size();
                               self->queue_.pop_front();
                               if (!self->queue_.empty()) return self->write();
                               if (self->streaming_) return;
                               self->keep_ ? self->read() : self->close();  // the next request, once this is answered
                             });
  }

  void close() {
    boost::system::error_code ignored;
    stream_.socket().close(ignored);
  }

  Stream stream_;
  std::shared_ptr<ControlServer::Handler> handler_;
  Peer peer_;
  std::shared_ptr<int> ticket_;
  boost::beast::flat_buffer buffer_ = {};
  std::optional<http::request_parser<http::string_body>> parser_ = std::nullopt;
  std::deque<std::string> queue_ = {};
  std::size_t waiting_ = 0;
  bool keep_ = false;
  bool head_only_ = false;
  bool streaming_ = false;
};

}  // namespace

void serve(Protocol::socket socket, ControlServer::Handler handler) {
  std::make_shared<Session>(std::move(socket), std::make_shared<ControlServer::Handler>(std::move(handler)),
                            Session::Peer::monitor, nullptr)
      ->read();
}

ControlServer::ControlServer(boost::asio::io_context& io, const std::string& path, Handler handler)
    : acceptor_{io}, pause_{io}, path_{path}, handler_{std::make_shared<Handler>(std::move(handler))} {
  if (path.size() > longest_path)
    throw std::runtime_error{fmt::format("{}: longer than {} bytes: choose another --run-dir", path, longest_path)};
  ::unlink(path.c_str());
  acceptor_.open();
  const mode_t before = umask(0117);
  boost::system::error_code error;
  acceptor_.bind(Protocol::endpoint{path}, error);
  umask(before);
  if (error) throw std::runtime_error{fmt::format("{}: {}", path, error.message())};
  acceptor_.listen();
  accept();
}

ControlServer::~ControlServer() { ::unlink(path_.c_str()); }

void ControlServer::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& error, Protocol::socket socket) {
    if (error == boost::asio::error::operation_aborted) return;
    if (error) return accept_later();  // too many descriptors
    const auto session = std::make_shared<Session>(std::move(socket), handler_, Session::Peer::user, ticket_);
    if (ticket_.use_count() > most_connections + 1)
      session->refuse(503, "too many connections");
    else
      session->read();
    accept();
  });
}

void ControlServer::accept_later() {
  pause_.expires_after(accept_pause);
  pause_.async_wait([this](const boost::system::error_code& error) {
    if (!error) accept();
  });
}

}  // namespace keepalive::io
