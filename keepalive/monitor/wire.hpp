// A connection that bytes go through, plain or by TLS, without ever waiting: each call says what to wait for. Straight
// over OpenSSL and the descriptor: Asio's TLS stream keeps 34 kB of buffers for each, also while it idles.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "monitor/tls.hpp"

struct ssl_st;

namespace keepalive::monitor {

class Wire {
 public:
  enum class Want : std::uint8_t { nothing, read, write, end };
  struct Done {
    std::size_t size = 0;
    Want want = Want::nothing;  // why not more
  };
  enum class Side : std::uint8_t { server, client };

  /// Takes the descriptor over, which does not block. Without a context: plain.
  Wire(boost::asio::io_context& io, int fd, TlsContext context, Side side);
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();

  /// A client's: the name or address that the server's certificate must be for.
  void expect(const std::string& host, bool is_address);
  /// A client's: goes on with a session that was kept with keep_session(), which spares most of the handshake; or does
  /// the whole of it.
  void resume(const TlsSession& session);
  /// Of a connection that is done with; null: the server gave none.
  TlsSession keep_session();
  bool resumed() const;
  /// Until it says nothing; end: it failed.
  Want shake();
  Done read(char* to, std::size_t room);
  Done write(std::string_view text);
  /// Says that no more comes; what the other side still says may be read.
  void finish();
  void close();
  bool is_open() const { return descriptor_.is_open(); }

  /// Calls back once it is so; not after close().
  void wait(Want want, std::function<void()> then);

  /// The other side began in plain HTTP: it may get a word in it.
  bool spoke_http() const { return spoke_http_; }
  void say_plainly(std::string_view text);
  /// Of the other side's certificate: 64 hexadecimal digits, empty without one; its subject's common name.
  std::string fingerprint() const;
  std::string common_name() const;
  int fd() { return descriptor_.native_handle(); }

 private:
  Want want_of(int result);

  boost::asio::posix::stream_descriptor descriptor_;
  TlsContext context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> tls_;
  bool spoke_http_ = false;
};

}  // namespace keepalive::monitor
