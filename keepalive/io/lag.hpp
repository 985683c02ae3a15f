// How late the loop is: a timer that asks for itself again and again, and by how much it came too late.
#pragma once

#include <algorithm>
#include <boost/asio/steady_timer.hpp>

#include "core/verdict.hpp"

namespace keepalive::io {

class Lag {
 public:
  explicit Lag(boost::asio::io_context& io) : timer_{io} { wait(); }

  /// The worst of the last minute, or more.
  core::Time worst() const { return std::max(worst_, before_); }

 private:
  void wait();

  boost::asio::steady_timer timer_;
  core::Time due_{0};
  core::Time turned_{0};  // when the last minute's worst was put aside
  core::Time worst_{0};
  core::Time before_{0};
};

}  // namespace keepalive::io
