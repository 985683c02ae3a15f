#include "core/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/commands.hpp"

namespace keepalive::core {
namespace {

constexpr std::size_t journal_length = 1000;
constexpr Time count_every = std::chrono::seconds{1};
constexpr std::chrono::seconds script_limit{30};

constexpr const char* rules_drift = "the rules that mark packets are not as we wrote them";

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

}  // namespace

std::map<std::string, std::string> environment(const Journal& entry) {
  return {{"KEEPALIVE_SEQUENCE", std::to_string(entry.sequence)},
          {"KEEPALIVE_EVENT", entry.kind},
          {"KEEPALIVE_OBJECT", entry.object},
          {"KEEPALIVE_TEXT", entry.text},
          {"KEEPALIVE_CAUSE", entry.cause}};
}

Actions Engine::step(const Event& event, Time now) {
  now_ = now;
  std::visit([&](const auto& one) { take(one); }, event);
  return std::exchange(actions_, {});
}

std::optional<Time> Engine::deadline() const {
  std::optional<Time> first = backlog_.deadline();
  for (const auto& time : {pools_.deadline(), next_count_, next_watch_, next_settle_, rules_.deadline(),
                           router_programs_.deadline(), syncing_.deadline()})
    if (time && (!first || *time < *first)) first = time;
  return first;
}

Engine::Plan Engine::plan(const Config& config, Time now) const {
  Pools pools = pools_;
  pools.load(config, now);
  Probes probes = probes_;
  probes.load(config, now, nullptr, asleep(config));
  const std::vector<Path> paths = probes.paths();
  Plan plan{.table = table(config, pools, paths),
            .hidden = hidden_,
            .behind = behind_paths(config, paths),
            .probes = probes_.difference(probes),
            .rules = rules_.differ(config),
            .daemons = syncing_.plan(config, routers_.is_master(config.sync ? config.sync->follow : ""), now)};
  for (const Path& path : paths) plan.hidden.insert(path.mark);
  return plan;
}

Journal Engine::entry_of(const Note& note) const {
  return {.sequence = sequence_ + 1,
          .time = now_,
          .level = note.level,
          .kind = note.kind,
          .object = note.object,
          .text = note.text,
          .cause = note.cause};
}

void Engine::note(const Note& note) {
  Journal entry = entry_of(note);
  ++sequence_;
  journal_.push_back(entry);
  alerts_.take(entry);
  if (journal_.size() > journal_length) journal_.pop_front();
  const auto run = [&](const Command& program, std::vector<std::string> arguments) {
    if (!program.argv.empty())
      actions_.push_back(Run{.number = numbers_.at(&program),
                             .object = note.object,
                             .arguments = std::move(arguments),
                             .environment = environment(entry),
                             .limit_ms = std::chrono::milliseconds{script_limit}.count()});
  };
  if (note.program != nullptr) run(*note.program, {});
  if (note.of_state) run(config_->global.notify, {note.kind, note.object, note.text});
  actions_.push_back(std::move(entry));
}

void Engine::write_services(std::size_t pool) {
  for (const std::size_t number : users_[pool]) write_service(number);
  tell_routers(routers_.look(*config_, pools_));
}

void Engine::write_service(std::size_t number) {
  const VirtualServer& service = config_->services[number];
  const bool here = stands(service);
  for (ipvs::TableService& entry : table_services(*config_, service, pools_.view(service.pool))) {
    const ipvs::ServiceKey key = entry.service.key;
    if (here)
      wanted_[key] = std::move(entry);
    else
      wanted_.erase(key);
    backlog_.add(key);
    if (here) own(key);
  }
}

void Engine::own(const ipvs::ServiceKey& key) {
  if (owned_.insert(key).second) backlog_.look_after(key);
}

/// The whole table as it should be.
ipvs::Table Engine::table(const Config& config, const Pools& pools, const std::vector<Path>& paths) const {
  ipvs::Table table = whole_table(config, pools, paths);
  for (const VirtualServer& service : config.services)
    if (!stands(service))
      for (const ipvs::ServiceKey& key : service.keys) table.erase(key);
  return table;
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
  Outcome changes = pools_.load(*config_, now_);
  const bool seeded = restored_.has_value();
  if (restored_) {
    for (Note& one : pools_.restore(*config_, *restored_, now_)) changes.notes.push_back(std::move(one));
    owned_.insert(restored_->owned.begin(), restored_->owned.end());
    syncing_.restore(restored_->daemons);
    restored_.reset();
    if (!pools_.draining().empty()) next_count_ = now_ + count_every;
  }
  dropped_.clear();
  for (const Note& one : changes.notes)
    if (one.kind == "OVERLAY_DROPPED") dropped_.push_back(one.text);
  numbers_.clear();
  const std::vector<const Command*> programs = commands(*config_);
  for (std::size_t number = 0; number < programs.size(); ++number)
    if (!programs[number]->argv.empty()) numbers_.emplace(programs[number], number);
  users_.assign(config_->pools.size(), {});
  for (std::size_t i = 0; i < config_->services.size(); ++i) users_[config_->services[i].pool].push_back(i);
  rules_.load(*config_, now_);  // marks first: then the services find marked packets
  if (auto action = rules_.due(now_)) actions_.push_back(std::move(*action));
  set_probers(config_->global.probers);
  asleep_ = asleep(*config_);
  auto letters = probes_.load(*config_, now_, seeded ? last_states() : nullptr, asleep_);
  adopt_table(first);
  for (auto& letter : letters) actions_.push_back(Tell{letter.prober, std::move(letter.message)});
  tell_routers(routers_.load(*config_, pools_));
  syncing_.load(*config_, now_);
  syncing_.follow(routers_.is_master(syncing_.followed()), now_);
  settle(changes);
  for (const Note& one : pools_.greet(*config_)) note(one);
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
  start_watch();
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
  ipvs::Table wanted = table(*config_, pools_, paths);
  for (const auto& [key, entry] : wanted) {
    const auto old = wanted_.find(key);
    if (first || old == wanted_.end() || !(old->second == entry)) backlog_.add(key);
    owned_.insert(key);
  }
  for (const ipvs::ServiceKey& key : owned_)
    if (!wanted.contains(key)) backlog_.add(key);
  wanted_ = std::move(wanted);
  backlog_.look_after(owned_, config_->global.drift_interval, now_);
  if (!first) backlog_.repair_now(now_);
  if (config_->global.at_start != AtStart::flush)
    backlog_.keep_foreign();
  else if (first)
    backlog_.flush_foreign(now_);
  flush(true);
}

void Engine::alarm(const std::string& alarm, const Note& news) {
  if (alarms_.insert(alarm).second) note(news);
}

void Engine::all_clear(const std::string& alarm, const Note& news) {
  if (alarms_.erase(alarm) != 0) note(news);
}

void Engine::take(const Reconciled& event) {
  if (!config_) return;
  const Backlog::News news = backlog_.take(event, now_);
  for (const KernelEdit& refusal : news.refused)
    note({.level = Note::Level::alert,
          .kind = "KERNEL_REFUSED",
          .object = to_string(refusal.key),
          .text = refusal.text});
  if (!news.no_flush.empty())
    note({.level = Note::Level::alert, .kind = "KERNEL_REFUSED", .object = "table", .text = news.no_flush});
  if (news.flushed)
    note({.kind = "KERNEL_ACCEPTED", .object = "table", .text = "services that are not ours are removed"});
  for (const ipvs::ServiceKey& key : news.taken)
    note({.kind = "KERNEL_ACCEPTED", .object = to_string(key), .text = "the kernel has it as it should be"});
  take_drift(event);
  std::set<ipvs::ServiceKey> refused;
  for (const KernelEdit& refusal : event.refusals) refused.insert(refusal.key);
  const std::size_t before = owned_.size();
  for (const ipvs::ServiceKey& key : event.keys)
    if (!wanted_.contains(key) && !refused.contains(key)) owned_.erase(key);
  // Who comes after us must not think that these are ours.
  if (owned_.size() != before) actions_.push_back(SaveState{});
}

/// What was told and still is so is not told again.
void Engine::take_drift(const Reconciled& event) {
  const bool repairs = event.purpose == Reconcile::Purpose::drift;
  std::map<ipvs::ServiceKey, std::set<std::string>> found;
  for (const KernelEdit& edit : event.drift)  // what the kernel refuses is nobody's doing
    if (!hidden_.contains(edit.key) && (repairs || !backlog_.refuses(edit.key))) found[edit.key].insert(edit.text);
  for (const auto& [key, texts] : found)
    for (const std::string& text : texts)
      if (repairs || !drift_[key].contains(text))
        note({.level = Note::Level::warning,
              .kind = repairs ? "DRIFT_REPAIRED" : "DRIFT",
              .object = to_string(key),
              .text = text,
              .cause = "somebody else changed the kernel's table"});
  for (const ipvs::ServiceKey& key : event.keys) drift_.erase(key);
  std::set<ipvs::ServiceKey> repaired;
  for (const auto& [key, texts] : found) repaired.insert(key);
  if (repairs) return take_repairs(repaired);
  drift_.merge(found);
}

void Engine::take_repairs(const std::set<ipvs::ServiceKey>& repaired) {
  const Time interval{config_->global.drift_interval};
  if (interval <= Time{0}) return;
  const auto text = [](const ipvs::ServiceKey& key) {
    return fmt::format("another program seems to manage {}", to_string(key));
  };
  for (const ipvs::ServiceKey& key : recurrence_.take(repaired, interval, now_))
    alarm(text(key), {.level = Note::Level::alert,
                      .kind = "DRIFT_RECURS",
                      .object = to_string(key),
                      .text = text(key),
                      .cause = fmt::format("it was repaired {} times within {} looks", often, looks)});
  for (const ipvs::ServiceKey& key : recurrence_.over(interval, now_))
    all_clear(text(key), {.kind = "DRIFT_ENDS",
                          .object = to_string(key),
                          .text = fmt::format("{} stays as it was written", to_string(key))});
}

std::vector<std::string> Engine::drift() const {
  std::vector<std::string> list;
  for (const auto& [key, texts] : drift_) list.insert(list.end(), texts.begin(), texts.end());
  for (const std::vector<std::string>& more : {setting_news_.drift(), syncing_.drift()})
    list.insert(list.end(), more.begin(), more.end());
  if (rules_.drift()) list.emplace_back(rules_drift);
  return list;
}

std::vector<std::string> Engine::alarms() const {
  std::vector<std::string> list{alarms_.begin(), alarms_.end()};
  for (const std::vector<std::string>& more : {setting_news_.refusals(), router_programs_.alarms(), syncing_.alarms()})
    list.insert(list.end(), more.begin(), more.end());
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
  for (const Note& one : setting_news_.take(event, config_->global.drift)) note(one);
  syncing_.settled((!event.drift || config_->global.drift == Drift::repair) && changes_threads(event.changes), now_);
  attend_daemons();
}

void Engine::take(const RulesDone& event) {
  if (!config_) return;
  const std::string refused = "nft refuses the rules that mark packets";
  const bool repairs = config_->global.drift == Drift::repair;
  const Rules::News news = rules_.take(event, now_);
  if (news == Rules::News::changed)
    note({.level = Note::Level::warning,
          .kind = repairs ? "DRIFT_REPAIRED" : "DRIFT",
          .object = "rules",
          .text = repairs ? std::string{"the rules that mark packets are written again"} : std::string{rules_drift},
          .cause = "somebody else changed or removed them"});
  if (news == Rules::News::stale)
    note(
        {.kind = "RULES_WRITTEN", .object = "rules", .text = "rules that mark packets were left over and are removed"});
  if (event.look) return;
  if (!event.good)
    alarm(refused, {.level = Note::Level::alert,
                    .kind = "RULES_REFUSED",
                    .object = "rules",
                    .text = refused,
                    .cause = event.text});
  else
    all_clear(refused,
              {.kind = "RULES_WRITTEN", .object = "rules", .text = "the rules that mark packets are in force"});
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
            .cause = vrrp::asked(event.by)});
      settle(pools_.set_overlay(*config_, p, s, event.overlay, now_));
      actions_.push_back(SaveState{{{p, s}}});
      if (event.overlay && event.overlay->kind == Overlay::Kind::drain) next_count_ = now_ + count_every;
    }
  flush(false);
}

void Engine::take(const Restored& event) { restored_ = event; }

void Engine::count_draining() {
  if (!next_count_ || *next_count_ > now_) return;
  std::map<std::size_t, Count> counts;
  for (const auto& [p, s] : pools_.draining()) {
    counts[p].pool = config_->pools[p].name;
    counts[p].servers.push_back(config_->pools[p].servers[s].name);
  }
  next_count_ = counts.empty() ? std::nullopt : std::optional{now_ + count_every};
  for (auto& [pool, count] : counts) actions_.push_back(std::move(count));
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
  attend_daemons();
  if (auto action = rules_.due(now_)) actions_.push_back(std::move(*action));
  watch_probers();
  carry_on(router_programs_.pass(*config_, now_));
  flush(false);
}

void Engine::take(const Stop&) {
  if (!config_) return;
  note(
      {.kind = "STOPPED", .object = "daemon", .text = "the daemon stops", .program = program(config_->global.on_stop)});
  for (const Note& one : pools_.farewell(*config_)) note(one);
  actions_.push_back(SaveState{});
  if (config_->global.at_stop == AtStop::keep) return;
  wanted_.clear();
  actions_.push_back(Reconcile{.keys = owned_});
  if (auto action = rules_.removal()) actions_.push_back(std::move(*action));
  if (auto action = syncing_.removal()) actions_.push_back(std::move(*action));
}

}  // namespace keepalive::core
