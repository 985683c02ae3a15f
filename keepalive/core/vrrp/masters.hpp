// Whom a virtual router has heard as master lately: the last one, and the last other one.
#pragma once

#include <optional>
#include <utility>

#include "core/vrrp/packet.hpp"

namespace keepalive::core::vrrp {

class Masters {
 public:
  void hear(const ipvs::Address& source, Time now) {
    if (last_ && last_->source != source) other_ = last_;
    last_ = One{source, now};
  }
  /// It gives up.
  void leave(const ipvs::Address& source) {
    if (last_ && last_->source == source) last_ = std::exchange(other_, std::nullopt);
    if (other_ && other_->source == source) other_.reset();
  }
  /// When any was heard.
  std::optional<Time> heard() const { return last_ ? std::optional{last_->at} : std::nullopt; }
  /// When any but this one was.
  std::optional<Time> heard_besides(const ipvs::Address& source) const {
    const auto& one = last_ && last_->source == source ? other_ : last_;
    return one ? std::optional{one->at} : std::nullopt;
  }

 private:
  struct One {
    ipvs::Address source = {};
    Time at{0};
  };
  std::optional<One> last_ = std::nullopt;
  std::optional<One> other_ = std::nullopt;
};

}  // namespace keepalive::core::vrrp
