// Ends what takes too long. A timer that has fired cannot be cancelled any more, its handler comes nevertheless: so what the
// handler looks at lives as long as the handler does.
//
//   Deadline deadline{socket.get_executor(), 10s, [&] { socket.close(); }};
//   co_await …                                          // nothing is called after the deadline is gone
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <utility>

namespace ipvs::sync {

class Deadline {
 public:
  template <class End>
  Deadline(const boost::asio::any_io_executor& executor, std::chrono::steady_clock::duration longest, End end)
      : timer_{executor, longest} {
    timer_.async_wait([state = state_, end = std::move(end)](const boost::system::error_code& error) {
      if (error || state->over) return;
      state->late = true;
      end();
    });
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { state_->over = true; }

  /// It has come, and `end` was called.
  bool late() const { return state_->late; }

 private:
  struct State {
    bool over = false;
    bool late = false;
  };

  std::shared_ptr<State> state_ = std::make_shared<State>();
  boost::asio::steady_timer timer_;
};

}  // namespace ipvs::sync
