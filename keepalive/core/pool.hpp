// One pool: what is known of its servers in, what stands in the kernel's table out. Pure.
//
//   state of each server ─┐
//   overlay (operator)   ─┼─> evaluate() ─> a placement for each server, quorum, sorry server, panic
//   configuration, now   ─┘
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "config/model.hpp"
#include "core/verdict.hpp"

namespace keepalive::core {

/// What an operator said of a server; it counts over the file.
struct Overlay {
  enum class Kind : std::uint8_t { drain, disable, weight };
  Kind kind = Kind::drain;
  std::int32_t weight = 0;
  std::optional<Time> deadline = std::nullopt;  // drain
  bool gone = false;                            // drain: no connection left, or the deadline is over

  friend bool operator==(const Overlay&, const Overlay&) = default;
};

/// What is known of one server.
struct ServerState {
  State state = State::unknown;
  Time since{0};                                              // of this state
  std::optional<Time> ramp_from = std::nullopt;               // start of slow start
  std::optional<std::int32_t> dynamic_weight = std::nullopt;  // of a script or file
  std::optional<Overlay> overlay = std::nullopt;
  bool quiescent = false;  // came back with weight 0 and waits for `undrain`

  friend bool operator==(const ServerState&, const ServerState&) = default;
};

/// Where a server stands: not in the table, or with a weight.
using Placement = std::optional<std::int32_t>;

struct PoolView {
  std::vector<Placement> servers = {};
  std::uint64_t weight_up = 0;  // of servers that are up
  bool quorum = false;
  bool panic = false;  // servers are kept although they are down
  Placement sorry = std::nullopt;
  std::optional<Time> next = std::nullopt;  // when time alone changes this view

  friend bool operator==(const PoolView&, const PoolView&) = default;
};

/// "up", "down", "unknown".
std::string_view word(State state);

/// Whether a server serves as far as its checks are concerned: up, or not known yet in a pool with start = up.
bool counts_as_up(const Pool& pool, const ServerState& server);

/// `had_quorum`: before; hysteresis looks at it.
PoolView evaluate(const Pool& pool, const std::vector<ServerState>& servers, bool had_quorum, Time now);

/// The state that checks give: `needed` of them must be up (0: all); no checks: up.
State combined(const std::vector<State>& checks, std::uint32_t needed);

}  // namespace keepalive::core
