// A stand-in for the daemon: a Unix socket whose answers are bytes that the test wrote, one connection each. An empty
// answer is silence; after the last one every connection is closed.
#pragma once

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace keepalive::ctl {

inline std::string http(unsigned status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

class Daemon {
 public:
  explicit Daemon(std::vector<std::string> answers) : answers_{std::move(answers)} {
    REQUIRE(::mkdtemp(folder_.data()) != nullptr);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listener_, 16) == 0);
    thread_ = std::thread{[this] { serve(); }};
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  ~Daemon() {
    requests();
    ::close(listener_);
    for (const int peer : silent_) ::close(peer);
    std::filesystem::remove_all(folder_.data());
  }

  std::string path() const { return std::string{folder_.data()} + "/control"; }
  /// What was asked, once every answer was given or will not be asked for: first line and body.
  const std::vector<std::string>& requests() {
    if (thread_.joinable()) {
      ::shutdown(listener_, SHUT_RDWR);
      thread_.join();
    }
    return requests_;
  }

 private:
  void serve() {
    for (const std::string& answer : answers_) {
      const int peer = ::accept(listener_, nullptr, nullptr);
      if (peer < 0) return;
      requests_.push_back(request(peer));
      if (answer.empty()) {
        silent_.push_back(peer);
        continue;
      }
      for (std::size_t at = 0; at < answer.size();) {
        const ssize_t sent = ::send(peer, answer.data() + at, answer.size() - at, MSG_NOSIGNAL);
        if (sent <= 0) break;
        at += static_cast<std::size_t>(sent);
      }
      ::close(peer);
    }
    for (int peer = 0; peer >= 0; peer = ::accept(listener_, nullptr, nullptr))
      if (peer > 0) ::close(peer);
  }
  static std::string request(int peer) {
    std::string text;
    std::array<char, 4096> piece{};
    std::size_t head = std::string::npos;
    std::size_t wanted = 0;
    while (head == std::string::npos || text.size() < wanted) {
      const ssize_t size = ::recv(peer, piece.data(), piece.size(), 0);
      if (size <= 0) break;
      text.append(piece.data(), static_cast<std::size_t>(size));
      head = text.find("\r\n\r\n");
      const auto length = text.find("Content-Length: ");
      wanted = head + 4 + (length == std::string::npos ? 0 : std::strtoul(text.c_str() + length + 16, nullptr, 10));
    }
    return text.substr(0, text.find(" HTTP/1.1\r\n")) + (wanted > head + 4 ? " " + text.substr(head + 4) : "");
  }

  std::array<char, 32> folder_{"/tmp/keepalivectl-test-XXXXXX"};
  std::vector<std::string> answers_;
  std::vector<std::string> requests_ = {};
  std::vector<int> silent_ = {};
  int listener_ = -1;
  std::thread thread_ = {};
};

}  // namespace keepalive::ctl
