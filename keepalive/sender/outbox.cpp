#include "sender/outbox.hpp"

#include <algorithm>
#include <iterator>

namespace keepalive::sender {
namespace {

constexpr Time first_pause = std::chrono::seconds{5};
constexpr Time longest_pause = std::chrono::minutes{5};

}  // namespace

void Outbox::put(Letter letter) {
  letters_.push_back(std::move(letter));
  if (letters_.size() <= most_) return;
  letters_.erase(std::next(letters_.begin(), under_way_ ? 1 : 0));
  ++lost_;
}

const Letter* Outbox::begin(Time now) {
  if (under_way_ || letters_.empty() || next_ > now) return nullptr;
  under_way_ = true;
  return &letters_.front();
}

void Outbox::done(Attempt attempt, Time now) {
  under_way_ = false;
  if (attempt == Attempt::failed) {
    pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
    next_ = now + pause_;
    return;
  }
  letters_.pop_front();
  lost_ = attempt == Attempt::sent ? 0 : lost_ + 1;
  pause_ = next_ = Time{0};
}

void Outbox::clear() {
  letters_.erase(std::next(letters_.begin(), under_way_ ? 1 : 0), letters_.end());
  pause_ = next_ = Time{0};
}

std::optional<Time> Outbox::deadline() const {
  if (under_way_ || letters_.empty()) return std::nullopt;
  return next_;
}

}  // namespace keepalive::sender
