// What a probe found, and the states that follow from it (health.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace keepalive::core {

/// Time since boot; the core never asks a clock.
using Time = std::chrono::duration<std::int64_t, std::micro>;

/// What the server's certificate says, if the check looks at its end.
struct Certificate {
  std::uint64_t end = 0;  // seconds since 1970; 0: not known
  bool soon = false;      // within the check's expiry_days

  friend bool operator==(const Certificate&, const Certificate&) = default;
};

/// The outcome of one probe.
struct Verdict {
  bool good = false;
  std::string evidence = "";  // one line: "connected in 0.4 ms", "HTTP status 500, wanted 200-299"
  std::chrono::microseconds latency{0};
  std::optional<std::int32_t> weight = std::nullopt;  // of checks that give one
  Certificate certificate = {};

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

enum class State : std::uint8_t { unknown, up, down };
constexpr State last_of(State /*of*/) { return State::down; }

}  // namespace keepalive::core
