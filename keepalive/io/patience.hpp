// A wait for a word of somebody: what is done when none comes in time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>

namespace keepalive::io {

class Patience {
 public:
  using Time = std::chrono::microseconds;
  using Over = std::function<void()>;

  explicit Patience(boost::asio::io_context& io) : timer_{io} {}

  /// Calls `over` when neither this nor cancel() is called for so long. Who slept and sees the end late waits once more:
  /// the word may be here already, unheard.
  void expect(Time patience, Over over);
  void cancel();

 private:
  enum class Grace : std::uint8_t { left, spent };
  void wait(Time patience, Over over, Grace grace);

  boost::asio::steady_timer timer_;
  std::uint64_t run_ = 0;  // a wait that is over cannot be cancelled any more: it sees that it is not the last
};

}  // namespace keepalive::io
