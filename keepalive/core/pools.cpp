#include "core/pools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/event.hpp"

namespace keepalive::core {
namespace {

Note server_note(const Pool& pool, const Server& server, State state, const std::string& cause) {
  const bool up = state == State::up;
  const Command& program = up ? *server.on_up : *server.on_down;
  return {.level = up ? Note::Level::info : Note::Level::alert,
          .kind = up ? "SERVER_UP" : "SERVER_DOWN",
          .object = object_name(pool, server),
          .text = fmt::format("{} is {}", spoken_name(pool, server), word(state)),
          .cause = cause,
          .program = program.argv.empty() ? nullptr : &program};
}

Note quorum_note(const Pool& pool, const PoolView& view) {
  const Command& program = view.quorum ? pool.on_quorum_up : pool.on_quorum_down;
  return {.level = view.quorum ? Note::Level::info : Note::Level::alert,
          .kind = view.quorum ? "QUORUM_GAINED" : "QUORUM_LOST",
          .object = pool.name,
          .text = fmt::format("pool {} has {} quorum: weight {} of {}", pool.name, view.quorum ? "its" : "no",
                              view.weight_up, pool.quorum),
          .program = program.argv.empty() ? nullptr : &program};
}

Note panic_note(const Pool& pool, bool panic) {
  if (!panic)
    return {.kind = "PANIC_OVER", .object = pool.name, .text = fmt::format("pool {} is out of panic", pool.name)};
  return {.level = Note::Level::alert,
          .kind = "PANIC",
          .object = pool.name,
          .text = fmt::format("pool {}: more than {} % of its servers are down; those that went last stay in service",
                              pool.name, pool.panic_percent)};
}

void tell_changes(const Pool& pool, const PoolView& before, const PoolView& now, Outcome& outcome) {
  if (pool.tracked) return;  // its one server says it
  if (now.quorum != before.quorum) outcome.notes.push_back(quorum_note(pool, now));
  if (now.panic != before.panic) outcome.notes.push_back(panic_note(pool, now.panic));
}

bool give_weight(const Config& config, const std::vector<std::size_t>& checks) {
  return std::any_of(checks.begin(), checks.end(),
                     [&](std::size_t number) { return gives_weight(config.checks[number]); });
}

/// What came of checks that the server does not have any more must not stay for ever.
void settle(const Config& config, const std::vector<std::size_t>& checks, ServerState& server) {
  if (!give_weight(config, checks)) server.dynamic_weight.reset();
  if (!checks.empty()) return;
  server.state = State::up;
  server.quiescent = false;
}

std::string describe(const Overlay& overlay) {
  if (overlay.kind == Overlay::Kind::weight) return fmt::format("weight {}", overlay.weight);
  return overlay.kind == Overlay::Kind::drain ? "drain" : "disable";
}

Note dropped_note(const std::string& name, const Overlay& overlay) {
  return {.level = Note::Level::warning,
          .kind = "OVERLAY_DROPPED",
          .object = name,
          .text = fmt::format("an operator's `{}' is dropped: no server is called {} at that address any more",
                              describe(overlay), name),
          .cause = "the configuration renamed, moved or removed it"};
}

}  // namespace

std::string object_name(const Pool& pool, const Server& server) {
  if (pool.tracked) return pool.name;
  return pool.name + "/" + server.name;
}

std::string spoken_name(const Pool& pool, const Server& server) {
  if (pool.tracked) return fmt::format("tracked {} {}", to_string(pool.tracked->kind), pool.tracked->name);
  return "server " + object_name(pool, server);
}

Outcome Pools::load(const Config& config, Time now) {
  Outcome outcome;
  std::unordered_map<std::string_view, std::size_t> known;
  for (std::size_t p = 0; p < pools_.size(); ++p) known.emplace(loaded_->pools[p].name, p);
  std::vector<Members> before = std::exchange(pools_, std::vector<Members>(config.pools.size()));
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    const Pool& pool = config.pools[p];
    Members& members = pools_[p];
    members.servers.assign(pool.servers.size(), {.since = now});
    const auto old = known.find(pool.name);
    if (old != known.end()) take_over(loaded_->pools[old->second], before[old->second], pool, members);
    for (std::size_t s = 0; s < pool.servers.size(); ++s)
      settle(config, checks_of(pool, pool.servers[s]), members.servers[s]);
    // A pool that is new must reach no more than its quorum: hysteresis is for changes.
    const bool had_quorum = old == known.end() || before[old->second].view.quorum;
    members.view = evaluate(pool, members.servers, had_quorum, now);
    if (old != known.end()) tell_changes(pool, before[old->second].view, members.view, outcome);
  }
  for (std::size_t p = 0; p < before.size(); ++p)  // what nobody took over
    for (std::size_t s = 0; s < before[p].servers.size(); ++s)
      if (const auto& overlay = before[p].servers[s].overlay)
        outcome.notes.push_back(dropped_note(object_name(loaded_->pools[p], loaded_->pools[p].servers[s]), *overlay));
  loaded_ = &config;
  find_deadline();
  return outcome;
}

std::vector<Note> Pools::greet(const Config& config) {
  std::vector<Note> notes;
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    if (std::exchange(pools_[p].greeted, true)) continue;
    Note first = quorum_note(config.pools[p], pools_[p].view);
    first.level = Note::Level::info;  // no change
    if (first.program != nullptr) notes.push_back(std::move(first));
  }
  return notes;
}

std::vector<Note> Pools::farewell(const Config& config) const {
  std::vector<Note> notes;
  const auto tell = [&](const char* kind, const std::string& object, const Command& program) {
    if (!program.argv.empty())
      notes.push_back({.kind = kind, .object = object, .text = "the daemon stops", .program = &program});
  };
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    const Pool& pool = config.pools[p];
    if (!pool.notify_at_stop) continue;
    for (std::size_t s = 0; s < pool.servers.size(); ++s)
      if (counts_as_up(pool, pools_[p].servers[s]))
        tell("SERVER_STOPPED", object_name(pool, pool.servers[s]), *pool.servers[s].on_down);
    if (pools_[p].view.quorum) tell("QUORUM_STOPPED", pool.name, pool.on_quorum_down);
  }
  return notes;
}

void Pools::take_over(const Pool& old_pool, Members& old_members, const Pool& pool, Members& members) {
  members.greeted = old_members.greeted;
  std::unordered_map<std::string_view, std::size_t> known;
  for (std::size_t s = 0; s < old_pool.servers.size(); ++s) known.emplace(old_pool.servers[s].name, s);
  for (std::size_t s = 0; s < pool.servers.size(); ++s) {
    const auto old = known.find(pool.servers[s].name);
    if (old != known.end() && old_pool.servers[old->second].endpoint == pool.servers[s].endpoint)
      members.servers[s] = std::exchange(old_members.servers[old->second], {});
  }
}

std::vector<Note> Pools::restore(const Config& config, const Restored& saved, Time now) {
  std::vector<Note> dropped;
  if (saved.overlays.empty() && saved.states.empty() && saved.weights.empty()) return dropped;
  std::map<std::string, Overlay> homeless = saved.overlays;
  for (std::size_t p = 0; p < pools_.size(); ++p)
    for (std::size_t s = 0; s < pools_[p].servers.size(); ++s) {
      ServerState& server = pools_[p].servers[s];
      const Pool& pool = config.pools[p];
      const std::vector<std::size_t>& checks = checks_of(pool, pool.servers[s]);
      const std::string name = object_name(pool, pool.servers[s]);
      if (const auto overlay = homeless.extract(name)) server.overlay = overlay.mapped();
      if (const auto state = saved.states.find(name); state != saved.states.end() && server.state == State::unknown)
        server = {.state = state->second, .since = now, .overlay = server.overlay};
      server.quiescent = pool.readmit_quiescent && !checks.empty() && saved.quiescent.contains(name);
      if (const auto weight = saved.weights.find(name); weight != saved.weights.end() && give_weight(config, checks))
        server.dynamic_weight = weight->second;
    }
  for (const auto& [name, overlay] : homeless) dropped.push_back(dropped_note(name, overlay));
  for (std::size_t p = 0; p < pools_.size(); ++p)
    pools_[p].view = evaluate(config.pools[p], pools_[p].servers, true, now);
  find_deadline();
  return dropped;
}

void Pools::evaluate_again(const Config& config, std::size_t pool, Time now, Outcome& outcome) {
  Members& members = pools_[pool];
  PoolView view = evaluate(config.pools[pool], members.servers, members.view.quorum, now);
  tell_changes(config.pools[pool], members.view, view, outcome);
  if (view.servers != members.view.servers || view.sorry != members.view.sorry) outcome.pools.insert(pool);
  members.view = std::move(view);
  consider(members.view.next);
}

Outcome Pools::set_state(const Config& config, std::size_t pool, std::size_t server, State state,
                         const std::string& cause, Time now) {
  Outcome outcome;
  ServerState& known = pools_[pool].servers[server];
  if (known.state == state) return outcome;
  const Pool& its = config.pools[pool];
  const bool back = known.state == State::down && state == State::up;
  known.state = state;
  known.since = now;
  known.ramp_from = back ? std::optional{now} : std::nullopt;
  if (back && its.readmit_quiescent) known.quiescent = true;
  if (state != State::unknown) outcome.notes.push_back(server_note(its, its.servers[server], state, cause));
  evaluate_again(config, pool, now, outcome);
  return outcome;
}

Outcome Pools::set_weight(const Config& config, std::size_t pool, std::size_t server,
                          std::optional<std::int32_t> weight, Time now) {
  Outcome outcome;
  pools_[pool].servers[server].dynamic_weight = weight;
  evaluate_again(config, pool, now, outcome);
  return outcome;
}

Outcome Pools::set_overlay(const Config& config, std::size_t pool, std::size_t server, std::optional<Overlay> overlay,
                           Time now) {
  Outcome outcome;
  ServerState& known = pools_[pool].servers[server];
  if (!overlay) {
    known.quiescent = false;
    if (known.overlay) known.ramp_from = now;
  }
  known.overlay = overlay;
  if (overlay) consider(overlay->deadline);
  evaluate_again(config, pool, now, outcome);
  return outcome;
}

Outcome Pools::pass(const Config& config, Time now) {
  Outcome outcome;
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    bool due = pools_[p].view.next && *pools_[p].view.next <= now;
    for (std::size_t s = 0; s < pools_[p].servers.size(); ++s) {
      auto& overlay = pools_[p].servers[s].overlay;
      if (!overlay || overlay->gone || !overlay->deadline || *overlay->deadline > now) continue;
      overlay->gone = due = true;
      const std::string name = object_name(config.pools[p], config.pools[p].servers[s]);
      outcome.notes.push_back({.level = Note::Level::warning,
                               .kind = "DRAIN_DEADLINE",
                               .object = name,
                               .text = fmt::format("server {} is taken out: its deadline is over", name)});
    }
    if (due) evaluate_again(config, p, now, outcome);
  }
  find_deadline();
  return outcome;
}

void Pools::consider(const std::optional<Time>& time) {
  if (time && (!deadline_ || *time < *deadline_)) deadline_ = time;
}

void Pools::find_deadline() {
  deadline_.reset();
  for (const Members& members : pools_) {
    consider(members.view.next);
    for (const ServerState& server : members.servers)
      if (server.overlay && !server.overlay->gone) consider(server.overlay->deadline);
  }
}

std::vector<std::pair<std::size_t, std::size_t>> Pools::draining() const {
  std::vector<std::pair<std::size_t, std::size_t>> list;
  for (std::size_t p = 0; p < pools_.size(); ++p)
    for (std::size_t s = 0; s < pools_[p].servers.size(); ++s) {
      const auto& overlay = pools_[p].servers[s].overlay;
      if (overlay && overlay->kind == Overlay::Kind::drain && !overlay->gone) list.emplace_back(p, s);
    }
  return list;
}

}  // namespace keepalive::core
