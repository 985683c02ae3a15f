#include "core/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/commands.hpp"

namespace keepalive::core {
namespace {

constexpr std::size_t journal_length = 1000;
constexpr Time count_every = std::chrono::seconds{1};
constexpr Time watch_every = std::chrono::seconds{2};
constexpr Time silence = std::chrono::seconds{6};
constexpr Time grace = std::chrono::seconds{10};
constexpr std::chrono::seconds script_limit{30};

const Command* program(const Command& command) { return command.argv.empty() ? nullptr : &command; }

std::string describe(const Operate& event) {
  const std::string server = event.pool + "/" + event.server;
  if (!event.overlay) return fmt::format("server {} is as the configuration says", server);
  switch (event.overlay->kind) {
    case Overlay::Kind::drain:
      return fmt::format("server {} drains", server);
    case Overlay::Kind::disable:
      return fmt::format("server {} is disabled", server);
    case Overlay::Kind::weight:
      break;
  }
  return fmt::format("server {} has weight {}", server, event.overlay->weight);
}

std::string prober_alarm(std::size_t prober) { return fmt::format("prober {} is not running", prober); }

}  // namespace

Engine::Engine(std::size_t probers, const std::string& instance)
    : probes_{probers}, rules_{instance}, heard_(probers) {}

Actions Engine::step(const Event& event, Time now) {
  now_ = now;
  std::visit([&](const auto& one) { take(one); }, event);
  return std::exchange(actions_, {});
}

std::optional<Time> Engine::deadline() const {
  std::optional<Time> first = backlog_.deadline();
  for (const auto& time : {pools_.deadline(), next_count_, next_watch_, next_settle_, rules_.deadline()})
    if (time && (!first || *time < *first)) first = time;
  return first;
}

ipvs::Table Engine::plan(const Config& config, Time now) const {
  Pools pools = pools_;
  pools.load(config, now);
  Probes probes = probes_;
  probes.load(config, now);
  return whole_table(config, pools, probes.paths());
}

void Engine::note(const Note& note) {
  Journal entry{.sequence = ++sequence_,
                .time = now_,
                .level = static_cast<Journal::Level>(note.level),
                .kind = note.kind,
                .object = note.object,
                .text = note.text,
                .cause = note.cause};
  journal_.push_back(entry);
  if (journal_.size() > journal_length) journal_.pop_front();
  const auto environment = std::map<std::string, std::string>{{"KEEPALIVE_SEQUENCE", std::to_string(entry.sequence)},
                                                              {"KEEPALIVE_EVENT", note.kind},
                                                              {"KEEPALIVE_OBJECT", note.object},
                                                              {"KEEPALIVE_TEXT", note.text},
                                                              {"KEEPALIVE_CAUSE", note.cause}};
  const auto run = [&](const Command& program, std::vector<std::string> arguments) {
    if (!program.argv.empty())
      actions_.push_back(Run{.number = numbers_.at(&program),
                             .object = note.object,
                             .arguments = std::move(arguments),
                             .environment = environment,
                             .limit_ms = std::chrono::milliseconds{script_limit}.count()});
  };
  if (note.program != nullptr) run(*note.program, {});
  run(config_->global.notify, {note.kind, note.object, note.text});
  actions_.push_back(std::move(entry));
}

void Engine::write_services(std::size_t pool) {
  for (const std::size_t number : users_[pool])
    for (ipvs::TableService& entry : table_services(*config_, config_->services[number], pools_.view(pool))) {
      const ipvs::ServiceKey key = entry.service.key;
      wanted_[key] = std::move(entry);
      backlog_.add(key);
    }
}

void Engine::settle(const Outcome& outcome) {
  for (const Note& one : outcome.notes) note(one);
  for (const std::size_t pool : outcome.pools) write_services(pool);
}

void Engine::flush(bool whole) {
  for (Reconcile& one : backlog_.take(config_->global.drift, whole, now_)) actions_.push_back(std::move(one));
}

void Engine::take(const Loaded& event) {
  const bool first = config_ == nullptr;
  auto before = std::exchange(config_, event.config);
  ++generation_;
  pools_.load(*config_, now_);
  if (restored_) {
    pools_.restore(*config_, restored_->overlays, restored_->states, now_);
    owned_.insert(restored_->owned.begin(), restored_->owned.end());
    restored_.reset();
    if (!pools_.draining().empty()) next_count_ = now_ + count_every;
  }
  numbers_.clear();
  const std::vector<const Command*> programs = commands(*config_);
  for (std::size_t number = 0; number < programs.size(); ++number)
    if (!programs[number]->argv.empty()) numbers_.emplace(programs[number], number);
  users_.assign(config_->pools.size(), {});
  for (std::size_t i = 0; i < config_->services.size(); ++i) users_[config_->services[i].pool].push_back(i);
  rules_.load(*config_, now_);  // marks first: then the services find marked packets
  if (auto action = rules_.due(now_)) actions_.push_back(std::move(*action));
  auto letters = probes_.load(*config_, now_);
  adopt_table(first);
  for (auto& letter : letters) actions_.push_back(Tell{letter.prober, std::move(letter.message)});
  for (std::size_t p = 0; p < config_->pools.size(); ++p)
    for (std::size_t s = 0; s < config_->pools[p].servers.size(); ++s)
      for (const TargetState* target : probes_.of({p, s})) set_servers(*target);
  if (!first)
    note({.kind = "CONFIG_LOADED",
          .object = "configuration",
          .text = fmt::format("configuration {} is in force", generation_)});
  if (first)
    note({.kind = "STARTED",
          .object = "daemon",
          .text = "the daemon has started",
          .program = program(config_->global.on_start)});
  if (!next_watch_) next_watch_ = now_ + watch_every;
  actions_.push_back(SaveState{});
}

/// Turns to the table of a new configuration: only services that differ are compared with the kernel at once.
void Engine::adopt_table(bool first) {
  actions_.push_back(Settle{});
  const Time interval{config_->global.drift_interval};
  next_settle_ = interval > Time{0} ? std::optional{now_ + interval} : std::nullopt;
  const std::vector<Path> paths = probes_.paths();
  hidden_.clear();
  for (const Path& path : paths) hidden_.insert(path.mark);
  ipvs::Table wanted = whole_table(*config_, pools_, paths);
  for (const auto& [key, entry] : wanted) {
    const auto old = wanted_.find(key);
    if (first || old == wanted_.end() || !(old->second == entry)) backlog_.add(key);
    owned_.insert(key);
  }
  for (const ipvs::ServiceKey& key : owned_)
    if (!wanted.contains(key)) backlog_.add(key);
  wanted_ = std::move(wanted);
  backlog_.look_after(owned_, config_->global.drift_interval, now_);
  if (!first) backlog_.look_now(now_);
  if (first && config_->global.at_start == AtStart::flush) actions_.push_back(Reconcile{.foreign = true});
  flush(true);
}

/// A server's state is what all its probes say together.
void Engine::set_servers(const TargetState& target) {
  for (const ServerRef& user : target.users) {
    std::vector<State> states;
    for (const TargetState* one : probes_.of(user)) states.push_back(one->state);
    const State state = combined(states, config_->pools[user.pool].require.needed);
    // What a predecessor saved counts until the first verdict.
    if (state == State::unknown) continue;
    settle(pools_.set_state(*config_, user.pool, user.server, state, target.verdict.evidence, now_));
    if (target.verdict.weight) settle(pools_.set_weight(*config_, user.pool, user.server, target.verdict.weight, now_));
  }
}

void Engine::hear(const Transition& transition) {
  if (const TargetState* target = probes_.take(transition, now_)) {
    set_servers(*target);
    actions_.push_back(SaveState{target->users});
  }
}

void Engine::hear(const Summaries& summaries) {
  probes_.take(summaries, now_);
  for (const Summary& summary : summaries.list)
    if (summary.verdict.weight)
      if (const TargetState* target = probes_.find(summary.target)) set_servers(*target);
}

void Engine::hear(std::size_t prober, const RunScript& request) {
  const auto check = probes_.check_of(request.target);
  if (!check) return;
  actions_.push_back(Run{.number = numbers_.at(&config_->checks[*check].command),
                         .object = "",
                         .target = request.target,
                         .prober = prober,
                         .limit_ms = static_cast<std::uint64_t>(config_->checks[*check].timeout.count())});
}

void Engine::take(const Heard& event) {
  if (!config_) return;
  if (heard_[event.prober]) heard_[event.prober] = now_;
  if (const auto* transition = std::get_if<Transition>(&event.message)) hear(*transition);
  if (const auto* summaries = std::get_if<Summaries>(&event.message)) hear(*summaries);
  if (const auto* request = std::get_if<RunScript>(&event.message)) hear(event.prober, *request);
}

void Engine::alarm(const std::string& alarm, const Note& news) {
  if (alarms_.insert(alarm).second) note(news);
}

void Engine::all_clear(const std::string& alarm, const Note& news) {
  if (alarms_.erase(alarm) != 0) note(news);
}

void Engine::take(const ProberStarted& event) {
  heard_[event.prober] = now_;
  if (!config_) return;
  for (auto& letter : probes_.greet(event.prober)) actions_.push_back(Tell{letter.prober, std::move(letter.message)});
  all_clear(prober_alarm(event.prober),
            {.kind = "PROBER_BACK", .object = "prober", .text = fmt::format("prober {} runs again", event.prober)});
}

void Engine::take(const ProberLost& event) {
  heard_[event.prober].reset();
  if (!config_) return;
  const std::string text = prober_alarm(event.prober);
  alarm(text, {.level = Note::Level::alert,
               .kind = "PROBER_LOST",
               .object = "prober",
               .text = text + "; servers keep their last state"});
}

void Engine::take(const Reconciled& event) {
  if (!config_) return;
  for (const KernelEdit& refusal : backlog_.take(event, now_))
    note({.level = Note::Level::alert,
          .kind = "KERNEL_REFUSED",
          .object = to_string(refusal.key),
          .text = refusal.text});
  take_drift(event);
  for (const ipvs::ServiceKey& key : event.keys) {
    const bool refused = std::any_of(event.refusals.begin(), event.refusals.end(),
                                     [&](const KernelEdit& refusal) { return refusal.key == key; });
    if (!wanted_.contains(key) && !refused) owned_.erase(key);
  }
}

/// What was told and still is so is not told again.
void Engine::take_drift(const Reconciled& event) {
  const bool repairs = config_->global.drift == Drift::repair;
  std::map<ipvs::ServiceKey, std::set<std::string>> found;
  for (const KernelEdit& edit : event.drift)
    if (!hidden_.contains(edit.key)) found[edit.key].insert(edit.text);
  for (const auto& [key, texts] : found)
    for (const std::string& text : texts)
      if (repairs || !drift_[key].contains(text))
        note({.level = Note::Level::warning,
              .kind = repairs ? "DRIFT_REPAIRED" : "DRIFT",
              .object = to_string(key),
              .text = text,
              .cause = "somebody else changed the kernel's table"});
  for (const ipvs::ServiceKey& key : event.keys) drift_.erase(key);
  if (!repairs) drift_.merge(found);
}

std::vector<std::string> Engine::drift() const {
  std::vector<std::string> list;
  for (const auto& [key, texts] : drift_) list.insert(list.end(), texts.begin(), texts.end());
  return list;
}

void Engine::take(const Refused& event) {
  if (!config_) return;
  note({.level = Note::Level::alert,
        .kind = "CONFIG_REFUSED",
        .object = "configuration",
        .text = fmt::format("the configuration has {} fault{}; the one before stays in force", event.faults,
                            event.faults == 1 ? "" : "s"),
        .cause = event.first});
}

void Engine::take(const Settled& event) {
  if (!config_) return;
  for (const std::string& text : event.changes)
    note({.level = event.drift ? Note::Level::warning : Note::Level::info,
          .kind = event.drift ? (config_->global.drift == Drift::repair ? "DRIFT_REPAIRED" : "DRIFT") : "SETTING",
          .object = "settings",
          .text = text,
          .cause = event.drift ? "somebody else changed it" : "the configuration asks for it"});
  for (const std::string& text : event.faults)
    if (alarms_.insert(text).second)
      note({.level = Note::Level::alert, .kind = "SETTING_REFUSED", .object = "settings", .text = text});
}

void Engine::take(const RulesDone& event) {
  if (!config_) return;
  const std::string text = "nft refuses the rules that mark packets";
  if (rules_.take(event, now_))
    return note({.level = Note::Level::warning,
                 .kind = "DRIFT_REPAIRED",
                 .object = "rules",
                 .text = "the rules that mark packets are missing and written again",
                 .cause = "somebody else removed them"});
  if (!event.good)
    alarm(text,
          {.level = Note::Level::alert, .kind = "RULES_REFUSED", .object = "rules", .text = text, .cause = event.text});
  else
    all_clear(text, {.kind = "RULES_WRITTEN", .object = "rules", .text = "the rules that mark packets are in force"});
}

void Engine::take(const Counted& event) {
  if (!config_ || event.active + event.inactive != 0) return;
  for (const auto& [p, s] : pools_.draining()) {
    const Pool& pool = config_->pools[p];
    if (pool.name != event.pool || pool.servers[s].name != event.server) continue;
    Overlay overlay = *pools_.server(p, s).overlay;
    overlay.gone = true;
    note({.kind = "DRAINED",
          .object = object_name(pool, pool.servers[s]),
          .text = fmt::format("server {} is drained and taken out", object_name(pool, pool.servers[s]))});
    settle(pools_.set_overlay(*config_, p, s, overlay, now_));
    actions_.push_back(SaveState{{{p, s}}});
  }
}

void Engine::take(const Operate& event) {
  if (!config_) return;
  for (std::size_t p = 0; p < config_->pools.size(); ++p)
    for (std::size_t s = 0; s < config_->pools[p].servers.size() && config_->pools[p].name == event.pool; ++s) {
      if (config_->pools[p].servers[s].name != event.server) continue;
      note({.kind = "OPERATOR",
            .object = object_name(config_->pools[p], config_->pools[p].servers[s]),
            .text = describe(event),
            .cause = "an operator asked for it"});
      settle(pools_.set_overlay(*config_, p, s, event.overlay, now_));
      actions_.push_back(SaveState{{{p, s}}});
      if (event.overlay && event.overlay->kind == Overlay::Kind::drain) next_count_ = now_ + count_every;
    }
  flush(false);
}

void Engine::take(const Restored& event) { restored_ = event; }

void Engine::count_draining() {
  if (!next_count_ || *next_count_ > now_) return;
  const auto draining = pools_.draining();
  for (const auto& [p, s] : draining)
    actions_.push_back(Count{.pool = config_->pools[p].name, .server = config_->pools[p].servers[s].name});
  next_count_ = draining.empty() ? std::nullopt : std::optional{now_ + count_every};
}

/// A probe that has not run when it should is itself an alarm.
void Engine::look_for_overdue() {
  const std::string text = "probes do not run when they should";
  const auto late = probes_.overdue(*config_, grace, now_);
  if (late.empty())
    return all_clear(text, {.kind = "PROBES_IN_TIME", .object = "prober", .text = "probes run in time"});
  alarm(text, {.level = Note::Level::alert,
               .kind = "PROBES_LATE",
               .object = "prober",
               .text = fmt::format("{} probes have not run when they should; first: {} of {}", late.size(),
                                   late.front().first.check, to_string(late.front().first.endpoint))});
}

void Engine::look_for_silent() {
  for (std::size_t prober = 0; prober < heard_.size(); ++prober) {
    if (!heard_[prober] || now_ - *heard_[prober] <= silence) continue;
    heard_[prober].reset();
    note({.level = Note::Level::alert,
          .kind = "PROBER_SILENT",
          .object = "prober",
          .text = fmt::format("prober {} does not answer and is started anew", prober)});
    actions_.push_back(Restart{prober});
  }
}

void Engine::look_at_settings() {
  if (!next_settle_ || *next_settle_ > now_) return;
  next_settle_ = now_ + Time{config_->global.drift_interval};
  using Purpose = Reconcile::Purpose;
  actions_.push_back(Settle{config_->global.drift == Drift::repair ? Purpose::drift : Purpose::report});
}

void Engine::take(const Tick&) {
  if (!config_) return;
  if (const auto due = pools_.deadline(); due && *due <= now_) settle(pools_.pass(*config_, now_));
  count_draining();
  look_at_settings();
  if (auto action = rules_.due(now_)) actions_.push_back(std::move(*action));
  if (next_watch_ && *next_watch_ <= now_) {
    next_watch_ = now_ + watch_every;
    look_for_silent();
    look_for_overdue();
  }
  flush(false);
}

void Engine::take(const Stop&) {
  if (!config_) return;
  note(
      {.kind = "STOPPED", .object = "daemon", .text = "the daemon stops", .program = program(config_->global.on_stop)});
  for (const Pool& pool : config_->pools) {
    if (!pool.notify_at_stop) continue;
    for (const Server& server : pool.servers)
      if (!server.on_down.argv.empty())
        note({.kind = "SERVER_STOPPED",
              .object = object_name(pool, server),
              .text = "the daemon stops",
              .program = &server.on_down});
    if (!pool.on_quorum_down.argv.empty())
      note(
          {.kind = "QUORUM_STOPPED", .object = pool.name, .text = "the daemon stops", .program = &pool.on_quorum_down});
  }
  actions_.push_back(SaveState{});
  if (config_->global.at_stop == AtStop::keep) return;
  wanted_.clear();
  actions_.push_back(Reconcile{.keys = owned_});
  if (auto action = rules_.removal()) actions_.push_back(std::move(*action));
}

}  // namespace keepalive::core
