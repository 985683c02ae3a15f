// What the engine hears of its probers, and how it watches them.
#include <fmt/format.h>

#include <algorithm>

#include "core/engine.hpp"

namespace keepalive::core {
namespace {

constexpr Time watch_every = std::chrono::seconds{2};
constexpr Time grace = std::chrono::seconds{10};
constexpr Time late = std::chrono::seconds{1};  // a Tick so late says that we slept ourselves

std::string prober_alarm(std::size_t prober) { return fmt::format("prober {} is not running", prober); }

}  // namespace

/// A server's state is what all its probes say together.
void Engine::set_servers(const TargetState& target) {
  for (const ServerRef& user : target.users) {
    const State state = combined(probes_.states(user), config_->pools[user.pool].require.needed);
    // What a predecessor saved counts until the first verdict.
    if (state == State::unknown) continue;
    settle(pools_.set_state(*config_, user.pool, user.server, state, cause(user, target), now_));
    std::optional<std::int32_t> weight;  // the least that a check gives
    for (const TargetState* one : probes_.of(user))
      if (one->weight) weight = std::min(*one->weight, weight.value_or(*one->weight));
    if (weight) settle(pools_.set_weight(*config_, user.pool, user.server, weight, now_));
  }
}

void Engine::hear(const Transition& transition) {
  if (const TargetState* target = probes_.take(transition, now_)) {
    set_servers(*target);
    actions_.push_back(SaveState{target->users});
  }
  tell_expiring();
}

void Engine::hear(const Summaries& summaries) {
  probes_.take(summaries, now_);
  for (const Summary& summary : summaries.list)
    if (summary.verdict.weight)
      if (const TargetState* target = probes_.find(summary.target)) set_servers(*target);
  tell_expiring();
}

/// The first user lends its names.
std::map<std::string, std::string> Engine::environment_of(std::uint32_t target) const {
  const TargetKey& key = *probes_.where(target);
  const ServerRef user = probes_.find(target)->users.front();
  const Pool& pool = config_->pools[user.pool];
  return {{"KEEPALIVE_CHECK", key.check},
          {"KEEPALIVE_ADDRESS", to_string(key.endpoint.address)},
          {"KEEPALIVE_PORT", std::to_string(key.endpoint.port.value)},
          {"KEEPALIVE_SERVER", pool.servers[user.server].name},
          {"KEEPALIVE_POOL", pool.name}};
}

void Engine::hear(std::size_t prober, const RunScript& request) {
  const auto index = probes_.check_of(request.target);
  if (!index) return;
  const Check& check = config_->checks[*index];
  const auto number = numbers_.find(&check.command);
  if (check.type != CheckType::script || number == numbers_.end()) return;  // it was one before a reload
  actions_.push_back(Run{.number = number->second,
                         .object = fmt::format("check {} {}", check.name, request.target),
                         .environment = environment_of(request.target),
                         .target = request.target,
                         .run = request.run,
                         .prober = prober,
                         .limit_ms = static_cast<std::uint64_t>(check.timeout.count())});
}

void Engine::hear(std::size_t prober, const WantSockets& request) {
  const auto need = probes_.socket_need(request.target, prober);
  if (!need) return;
  if (allowances_[prober].take(request.count, now_))
    return actions_.push_back(OpenSockets{.prober = prober, .wanted = request, .need = *need});
  actions_.push_back(Tell{prober, GotSocket{.target = request.target,
                                            .run = request.run,
                                            .fault = "cannot probe: too many sockets are asked for"}});
}

/// Nobody waits for a prober that goes.
void Engine::set_probers(std::size_t count) {
  for (std::size_t prober = count; prober < watches_.size(); ++prober)
    all_clear(prober_alarm(prober),
              {.kind = "PROBER_BACK", .object = "prober", .text = fmt::format("prober {} is needed no more", prober)});
  watches_.resize(count);
  allowances_.resize(count);
}

void Engine::take(const Heard& event) {
  if (!config_ || event.prober >= watches_.size()) return;
  watches_[event.prober].hear(now_);
  if (const auto* transition = std::get_if<Transition>(&event.message)) hear(*transition);
  if (const auto* summaries = std::get_if<Summaries>(&event.message)) hear(*summaries);
  if (const auto* request = std::get_if<RunScript>(&event.message)) hear(event.prober, *request);
  if (const auto* request = std::get_if<WantSockets>(&event.message)) hear(event.prober, *request);
  if (const auto* failures = std::get_if<Failures>(&event.message)) hear(*failures);
}

void Engine::take(const ProberStarted& event) {
  if (!config_ || event.prober >= watches_.size()) return;
  watches_[event.prober].start(now_);
  for (auto& letter : probes_.greet(event.prober)) actions_.push_back(Tell{letter.prober, std::move(letter.message)});
  all_clear(prober_alarm(event.prober),
            {.kind = "PROBER_BACK", .object = "prober", .text = fmt::format("prober {} runs again", event.prober)});
}

void Engine::take(const ProberLost& event) {
  if (!config_ || event.prober >= watches_.size()) return;
  watches_[event.prober].end();
  const std::string text = prober_alarm(event.prober);
  alarm(text, {.level = Note::Level::alert,
               .kind = "PROBER_LOST",
               .object = "prober",
               .text = text + "; servers keep their last state"});
}

/// A probe that has not run when it should is itself an alarm.
void Engine::look_for_overdue() {
  const std::string text = "probes do not run when they should";
  const auto overdue = probes_.overdue(grace, now_);
  if (overdue.empty())
    return all_clear(text, {.kind = "PROBES_IN_TIME", .object = "prober", .text = "probes run in time"});
  const auto known =
      std::find_if(overdue.begin(), overdue.end(), [](const auto& one) { return !one.second->unable.empty(); });
  alarm(text, {.level = Note::Level::alert,
               .kind = "PROBES_LATE",
               .object = "prober",
               .text = fmt::format("{} probes have not run when they should; first: {} of {}", overdue.size(),
                                   overdue.front().first->check, to_string(overdue.front().first->endpoint)),
               .cause = known == overdue.end() ? "" : known->second->unable});
}

void Engine::look_for_silent() {
  for (std::size_t prober = 0; prober < watches_.size(); ++prober) {
    if (!watches_[prober].is_silent(now_)) continue;
    watches_[prober].give_up();
    note({.level = Note::Level::alert,
          .kind = "PROBER_SILENT",
          .object = "prober",
          .text = fmt::format("prober {} does not answer and is started anew", prober)});
    actions_.push_back(Restart{prober});
  }
}

void Engine::start_watch() {
  if (!next_watch_) next_watch_ = now_ + watch_every;
}

void Engine::watch_probers() {
  if (!next_watch_ || *next_watch_ > now_) return;
  const bool slept = now_ - *next_watch_ > late;
  next_watch_ = now_ + watch_every;
  if (slept) {  // what they said meanwhile still waits to be heard
    for (ProberWatch& watch : watches_) watch.hear(now_);
    return;
  }
  look_for_silent();
  look_for_unable();
  look_for_overdue();
}

}  // namespace keepalive::core
