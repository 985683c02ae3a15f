#include "core/health.hpp"

namespace keepalive::core {

bool Health::take(bool good, Dampening dampening) {
  const State wanted = good ? State::up : State::down;
  if (state_ == wanted) {
    against_ = 0;
    return false;
  }
  if (state_ == State::unknown && good) against_ = dampening.rise - 1;
  if (++against_ < (good ? dampening.rise : dampening.fall)) return false;
  state_ = wanted;
  against_ = 0;
  return true;
}

}  // namespace keepalive::core
