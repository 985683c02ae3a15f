// What the director is told of findings: transitions at once, of the rest one summary a target and second. The words
// are made here, when they are sent.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/messages.hpp"
#include "probe/roster.hpp"

namespace keepalive::probe {

class Reports {
 public:
  /// Takes a finding in; gives the transition that follows from it.
  std::optional<core::Transition> take(Target& target, Finding finding, std::chrono::microseconds latency,
                                       core::Dampening dampening);
  /// The target could not be probed.
  void take_unable(Target& target, std::string why);
  /// A failure that is told by itself.
  void take_failure(const Target& target, const Finding& finding, std::chrono::microseconds latency);
  /// Forgets what waits to be told of a target.
  void drop(Target& target);
  /// All that waits, then nothing waits any more.
  core::Summaries flush(Roster& roster);
  core::Failures flush_failures() { return std::exchange(failures_, {}); }

 private:
  struct Waiting {
    std::uint32_t id = 0;  // 0: dropped
    std::uint32_t runs = 0;
    std::uint32_t failures = 0;
    std::uint32_t against = 0;
    std::chrono::microseconds latency{0};
    Finding finding = {};
    std::string unable = "";
  };
  Waiting& waiting(Target& target);

  std::vector<Waiting> waiting_ = {};  // Target::report is an index from 1
  core::Failures failures_ = {};
};

}  // namespace keepalive::probe
