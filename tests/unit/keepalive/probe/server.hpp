// Servers on ephemeral ports of 127.0.0.1 that do as they are told, well or badly.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "probe/fd.hpp"

struct ssl_st;

namespace probe_test {

/// A connection, from the server's side. It ends when the server is to stop and nothing more is there.
class Peer {
 public:
  Peer(int fd, int stop) : fd_{fd}, stop_{stop} {}

  /// False: the other side is gone, or we are to stop.
  bool say(std::string_view text);
  /// What comes until this text is in it, or there is no more.
  std::string hear(std::string_view until);
  void hang();
  /// Waits so long, or until we are to stop: then false.
  bool pause(int milliseconds);
  void reset();
  /// Speaks TLS from now on, with this certificate and key; false: the other side does not.
  bool secure(const std::string& certificate, const std::string& key);

 private:
  keepalive::probe::Fd fd_;
  int stop_;
  std::shared_ptr<ssl_st> tls_ = nullptr;
};

class Listener {
 public:
  using Talk = std::function<void(Peer& peer)>;

  /// Each connection has a thread that talks.
  explicit Listener(Talk talk);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }

 private:
  void accept();

  Talk talk_;
  keepalive::probe::Fd stop_;
  std::uint16_t port_ = 0;
  keepalive::probe::Fd listener_;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

/// Hears a request, says the answer and closes.
Listener::Talk answering(std::string answer);
/// A bound socket of 127.0.0.1; SOCK_STREAM does not listen: connections are refused.
keepalive::probe::Fd bound(int type, std::uint16_t& port);

}  // namespace probe_test
