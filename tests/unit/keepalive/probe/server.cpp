#include "server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>

namespace probe_test {
namespace {

using keepalive::probe::Fd;

/// False: we are to stop and nothing is there, or nothing happened in time.
bool wait(int fd, short events, int stop, int milliseconds = -1) {
  std::array<pollfd, 2> list{{{fd, events, 0}, {stop, POLLIN, 0}}};
  return poll(list.data(), list.size(), milliseconds) > 0 && list[0].revents != 0;
}

}  // namespace

bool Peer::say(std::string_view text) {
  while (!text.empty()) {
    if (!wait(fd_.get(), POLLOUT, stop_)) return false;
    const ssize_t sent = tls_ ? SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()))
                              : send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string Peer::hear(std::string_view until) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (text.find(until) == text.npos && ((tls_ && SSL_pending(tls_.get()) > 0) || wait(fd_.get(), POLLIN, stop_))) {
    const ssize_t got = tls_ ? SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()))
                             : recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

void Peer::hang() { wait(fd_.get(), POLLRDHUP, stop_); }

bool Peer::pause(int milliseconds) {
  pollfd stop{stop_, POLLIN, 0};
  return poll(&stop, 1, milliseconds) == 0;
}

void Peer::reset() {
  const linger now{1, 0};
  setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  fd_.reset();
}

bool Peer::secure(const std::string& certificate, const std::string& key) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_server_method()), &SSL_CTX_free};
  const auto bio = [](const std::string& text) {
    return std::unique_ptr<BIO, decltype(&BIO_free)>{BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                                                     &BIO_free};
  };
  const std::unique_ptr<X509, decltype(&X509_free)> shown{
      PEM_read_bio_X509(bio(certificate).get(), nullptr, nullptr, nullptr), &X509_free};
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> secret{
      PEM_read_bio_PrivateKey(bio(key).get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  SSL_CTX_use_certificate(context.get(), shown.get());
  SSL_CTX_use_PrivateKey(context.get(), secret.get());
  tls_ = {SSL_new(context.get()), &SSL_free};
  SSL_set_fd(tls_.get(), fd_.get());
  return SSL_accept(tls_.get()) == 1;
}

Fd bound(int type, std::uint16_t& port) {
  Fd fd{socket(AF_INET, type | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd.get(), any, size) != 0 || getsockname(fd.get(), any, &size) != 0) throw std::runtime_error{"bind"};
  port = ntohs(address.sin_port);
  return fd;
}

Listener::Listener(Talk talk)
    : talk_{std::move(talk)}, stop_{eventfd(0, EFD_CLOEXEC)}, listener_{bound(SOCK_STREAM, port_)} {
  if (listen(listener_.get(), SOMAXCONN) != 0) throw std::runtime_error{"listen"};
  thread_ = std::thread{[this] { accept(); }};
}

Listener::~Listener() {
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void Listener::accept() {
  std::vector<std::thread> threads;
  while (wait(listener_.get(), POLLIN, stop_.get())) {
    const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    ++connections_;
    threads.emplace_back([this, fd] {
      Peer peer{fd, stop_.get()};
      talk_(peer);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

Listener::Talk answering(std::string answer) {
  return [answer = std::move(answer)](Peer& peer) {
    if (!peer.hear("\r\n\r\n").empty()) peer.say(answer);
  };
}

}  // namespace probe_test
