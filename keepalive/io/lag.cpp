#include "io/lag.hpp"

#include <algorithm>
#include <utility>

#include "io/clock.hpp"

namespace keepalive::io {
namespace {

constexpr core::Time every = std::chrono::milliseconds{50};
constexpr core::Time minute = std::chrono::minutes{1};

}  // namespace

void Lag::wait() {
  const core::Time time = now();
  if (due_ > core::Time{0}) worst_ = std::max(worst_, time - due_);
  if (time - turned_ > minute) {
    before_ = std::exchange(worst_, core::Time{0});
    turned_ = time;
  }
  due_ = time + every;
  timer_.expires_at(moment(due_));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) wait();
  });
}

}  // namespace keepalive::io
