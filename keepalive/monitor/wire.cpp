#include "monitor/wire.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "monitor/openssl.hpp"

namespace keepalive::monitor {
namespace {

using openssl::Certificate;

constexpr std::size_t most_at_once = 1U << 20U;

Certificate certificate_of(const ssl_st* tls) {
  return Certificate{tls == nullptr ? nullptr : SSL_get1_peer_certificate(tls)};
}

Wire::Done plain(ssize_t result, Wire::Want again) {
  if (result > 0) return {static_cast<std::size_t>(result), Wire::Want::nothing};
  if (result < 0 && (errno == EAGAIN || errno == EINTR)) return {0, again};
  return {0, Wire::Want::end};
}

}  // namespace

Wire::Wire(boost::asio::io_context& io, int fd, TlsContext context, Side side)
    : descriptor_{io, fd}, context_{std::move(context)}, tls_{nullptr, &SSL_free} {
  descriptor_.native_non_blocking(true);
  if (!context_) return;
  tls_.reset(SSL_new(context_.get()));
  SSL_set_fd(tls_.get(), fd);
  side == Side::server ? SSL_set_accept_state(tls_.get()) : SSL_set_connect_state(tls_.get());
}

Wire::~Wire() = default;

void Wire::expect(const std::string& host, bool is_address) {
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(tls_.get());
  if (is_address) {
    X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str());
    return;
  }
  X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), 0);
  SSL_set_tlsext_host_name(tls_.get(), host.c_str());
}

void Wire::resume(const TlsSession& session) {
  if (tls_ && session) SSL_set_session(tls_.get(), session.get());
}

TlsSession Wire::keep_session() {
  if (!tls_ || SSL_is_init_finished(tls_.get()) != 1) return nullptr;
  SSL_set_shutdown(tls_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);  // else it would be taken for broken
  TlsSession session{SSL_get1_session(tls_.get()), &SSL_SESSION_free};
  return session && SSL_SESSION_is_resumable(session.get()) == 1 ? session : nullptr;
}

bool Wire::resumed() const { return tls_ && SSL_session_reused(tls_.get()) == 1; }

Wire::Want Wire::want_of(int result) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Want::read;
    case SSL_ERROR_WANT_WRITE:
      return Want::write;
    default:
      break;
  }
  spoke_http_ = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
  ERR_clear_error();
  return Want::end;
}

Wire::Want Wire::shake() {
  if (!tls_) return Want::nothing;
  ERR_clear_error();
  const int result = SSL_do_handshake(tls_.get());
  return result == 1 ? Want::nothing : want_of(result);
}

Wire::Done Wire::read(char* to, std::size_t room) {
  if (!tls_) return plain(::recv(fd(), to, room, 0), Want::read);
  ERR_clear_error();
  const int result = SSL_read(tls_.get(), to, static_cast<int>(std::min(room, most_at_once)));
  if (result > 0) return {static_cast<std::size_t>(result), Want::nothing};
  return {0, want_of(result)};
}

Wire::Done Wire::write(std::string_view text) {
  if (!tls_) return plain(::send(fd(), text.data(), text.size(), MSG_NOSIGNAL), Want::write);
  ERR_clear_error();
  const int result = SSL_write(tls_.get(), text.data(), static_cast<int>(std::min(text.size(), most_at_once)));
  if (result > 0) return {static_cast<std::size_t>(result), Want::nothing};
  return {0, want_of(result)};
}

void Wire::finish() {
  ERR_clear_error();
  if (tls_ && SSL_is_init_finished(tls_.get()) == 1) SSL_shutdown(tls_.get());
  ERR_clear_error();
  ::shutdown(fd(), SHUT_WR);
}

void Wire::close() {
  boost::system::error_code ignored;
  descriptor_.close(ignored);
}

void Wire::wait(Want want, std::function<void()> then) {
  using Kind = boost::asio::posix::descriptor_base;
  descriptor_.async_wait(want == Want::write ? Kind::wait_write : Kind::wait_read,
                         [then = std::move(then)](const boost::system::error_code& error) {
                           if (!error) then();
                         });
}

void Wire::say_plainly(std::string_view text) {
  static_cast<void>(::send(fd(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

std::string Wire::fingerprint() const { return openssl::fingerprint(certificate_of(tls_.get()).get()); }

std::string Wire::common_name() const {
  const Certificate certificate = certificate_of(tls_.get());
  std::array<char, 128> name{};
  if (!certificate) return {};
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                                             static_cast<int>(name.size()));
  return size <= 0 ? std::string{} : std::string{name.data(), static_cast<std::size_t>(size)};
}

}  // namespace keepalive::monitor
