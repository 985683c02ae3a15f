#include "core/pool.hpp"

#include <algorithm>
#include <numeric>

namespace keepalive::core {
namespace {

constexpr std::int64_t ramp_steps = 10;

bool withdrawn(const ServerState& server) {
  if (!server.overlay) return false;
  return server.overlay->kind == Overlay::Kind::disable || server.overlay->gone;
}

bool drains(const ServerState& server) {
  return server.overlay && server.overlay->kind == Overlay::Kind::drain && !server.overlay->gone;
}

/// The weight while all is well, before slow start.
std::int32_t full_weight(const Server& server, const ServerState& state) {
  if (state.overlay && state.overlay->kind == Overlay::Kind::drain) return 0;
  if (state.overlay && state.overlay->kind == Overlay::Kind::weight) return state.overlay->weight;
  if (state.quiescent) return 0;
  return state.dynamic_weight.value_or(server.weight);
}

/// Slow start: the weight grows in ten steps, from a tenth to the whole.
class Ramp {
 public:
  Ramp(const Pool& pool, Time now) : length_{pool.slow_start}, now_{now} {}

  std::int32_t weight(std::int32_t full, const ServerState& state) {
    if (length_ <= Time{0} || !state.ramp_from || full <= 1) return full;
    const Time passed = now_ - *state.ramp_from;
    if (passed >= length_) return full;
    const std::int64_t step = passed * ramp_steps / length_;
    const Time next = *state.ramp_from + length_ * (step + 1) / ramp_steps;
    next_ = next_ ? std::min(*next_, next) : next;
    return static_cast<std::int32_t>(std::max<std::int64_t>(1, std::int64_t{full} * (step + 1) / ramp_steps));
  }
  std::optional<Time> next() const { return next_; }

 private:
  Time length_;
  Time now_;
  std::optional<Time> next_ = std::nullopt;
};

/// Servers that are down but must stay, since too many would be out. Those that went down last stay.
std::vector<bool> spared(const Pool& pool, const std::vector<ServerState>& servers) {
  std::vector<bool> spare(servers.size(), false);
  if (pool.panic_percent == 0) return spare;
  std::vector<std::size_t> down;
  for (std::size_t i = 0; i < servers.size(); ++i)
    if (!counts_as_up(pool, servers[i]) && !withdrawn(servers[i])) down.push_back(i);
  const std::size_t allowed = servers.size() * pool.panic_percent / 100;
  std::stable_sort(down.begin(), down.end(),
                   [&](std::size_t a, std::size_t b) { return servers[a].since < servers[b].since; });
  for (std::size_t i = allowed; i < down.size(); ++i) spare[down[i]] = true;
  return spare;
}

bool quorum_met(const Pool& pool, std::uint64_t weight_up, bool had) {
  if (had) return weight_up + pool.hysteresis >= pool.quorum;
  return weight_up >= std::uint64_t{pool.quorum} + pool.hysteresis;
}

}  // namespace

std::string_view word(State state) {
  switch (state) {
    case State::up:
      return "up";
    case State::down:
      return "down";
    case State::unknown:
      break;
  }
  return "unknown";
}

bool counts_as_up(const Pool& pool, const ServerState& server) {
  if (server.state == State::unknown) return pool.start == Start::up;
  return server.state == State::up;
}

PoolView evaluate(const Pool& pool, const std::vector<ServerState>& servers, bool had_quorum, Time now) {
  PoolView view;
  Ramp ramp{pool, now};
  const std::vector<bool> spare = spared(pool, servers);
  const auto up = std::count_if(servers.begin(), servers.end(),
                                [&](const ServerState& server) { return counts_as_up(pool, server); });
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const std::int32_t full = full_weight(pool.servers[i], servers[i]);
    if (withdrawn(servers[i])) {
      view.servers.emplace_back();
    } else if (counts_as_up(pool, servers[i])) {
      view.weight_up += static_cast<std::uint32_t>(full);
      view.servers.emplace_back(up > 1 ? ramp.weight(full, servers[i]) : full);
    } else if (spare[i]) {
      view.panic = true;
      view.servers.emplace_back(full);
    } else {
      view.servers.push_back(pool.on_failure == OnFailure::quiesce ? Placement{0} : std::nullopt);
    }
  }
  view.quorum = quorum_met(pool, view.weight_up, had_quorum) || view.panic;
  view.next = ramp.next();
  if (!pool.sorry_server) return view;
  if (!view.quorum) {
    // A server that drains keeps its connections.
    for (std::size_t i = 0; i < view.servers.size(); ++i)
      if (view.servers[i] && !drains(servers[i]))
        view.servers[i] = pool.on_failure == OnFailure::quiesce ? Placement{0} : std::nullopt;
    view.sorry = pool.sorry_server->weight;
  } else if (pool.sorry_inhibit) {
    view.sorry = 0;
  }
  return view;
}

State combined(const std::vector<State>& checks, std::uint32_t needed) {
  const auto count = [&](State state) {
    return static_cast<std::size_t>(std::count(checks.begin(), checks.end(), state));
  };
  const std::size_t wanted = needed == 0 ? checks.size() : std::min<std::size_t>(needed, checks.size());
  if (count(State::up) >= wanted) return State::up;
  if (count(State::up) + count(State::unknown) < wanted) return State::down;
  return State::unknown;
}

}  // namespace keepalive::core
