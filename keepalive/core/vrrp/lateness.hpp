// How late advertisements go out, as a histogram: what others wait for before they take over.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "config/vrrp.hpp"

namespace keepalive::core::vrrp {

using keepalive::vrrp::Time;

struct Lateness {
  /// Upper ends, inclusive; one more bucket holds what is later.
  static constexpr std::array<std::chrono::milliseconds, 10> ends{
      {std::chrono::milliseconds{1}, std::chrono::milliseconds{2}, std::chrono::milliseconds{5},
       std::chrono::milliseconds{10}, std::chrono::milliseconds{20}, std::chrono::milliseconds{50},
       std::chrono::milliseconds{100}, std::chrono::milliseconds{200}, std::chrono::milliseconds{500},
       std::chrono::milliseconds{1000}}};
  std::vector<std::uint64_t> counts = std::vector<std::uint64_t>(ends.size() + 1);  // each bucket's own
  Time sum{0};
  Time worst{0};

  void add(Time late);
  /// What another counted. One of another length counts for nothing.
  void add(const Lateness& more);
  std::uint64_t count() const;

  friend bool operator==(const Lateness&, const Lateness&) = default;
};

}  // namespace keepalive::core::vrrp
