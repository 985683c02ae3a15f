// Compares passwords in a thread of its own, one after the other, so that the loop is never held.
#pragma once

#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace keepalive::monitor {

class Verifier {
 public:
  using Done = std::function<void(bool fits)>;

  static constexpr std::size_t longest_queue = 32;

  explicit Verifier(boost::asio::io_context& io);
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;
  /// Waits for the one comparison that runs; the others are not answered.
  ~Verifier();

  /// `done` is called by the loop. An empty hash is that of nobody. False: too many wait already, ask later.
  [[nodiscard]] bool compare(std::string password, std::string hash, Done done);

 private:
  struct Order {
    std::string password = "";
    std::string hash = "";
    Done done = nullptr;
  };
  void work();

  boost::asio::io_context& io_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Order> orders_ = {};
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace keepalive::monitor
