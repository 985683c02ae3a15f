// What the engine hears of its virtual routers, and which services stand because of them.
#include <fmt/format.h>

#include "core/engine.hpp"

namespace keepalive::core {

void Engine::tell_routers(Routers::Speeches&& speeches) {
  for (vrrp::Speech& one : speeches) actions_.push_back(TellRouters{std::move(one)});
}

void Engine::take(const RoutersStarted&) {
  if (!config_) return;
  tell_routers(routers_.load(*config_, pools_));
  if (syncing_.synced()) tell_routers({vrrp::Synced{true}});
}

/// Services and probes go by who was master last.
void Engine::take(const RoutersLost&) {
  routers_.forget();
  router_programs_.forget();
}

void Engine::take(const OperateRouter& event) {
  if (!config_) return;
  note({.kind = "OPERATOR",
        .object = event.router,
        .text = fmt::format("vrrp {} is to be {}", event.router, event.to_master ? "master" : "backup"),
        .cause = vrrp::asked(event.by)});
  tell_routers({vrrp::Switchover{event.router, event.to_master, event.by}});
}

void Engine::take(const vrrp::Told& event) {
  if (!config_) return;
  const Note news{.level = event.news.level,
                  .kind = event.news.kind,
                  .object = event.news.instance,
                  .text = event.news.text,
                  .cause = event.news.cause};
  carry_on(router_programs_.enter(*config_, event.news, environment(entry_of(news))));
  note(news);
}

void Engine::take(const ProgramEnded& event) {
  if (config_) carry_on(router_programs_.take(*config_, event, now_));
}

void Engine::carry_on(RouterPrograms::Next&& next) {
  for (RouterPrograms::Order& one : next.orders)
    actions_.push_back(Run{.number = numbers_.at(one.program),
                           .object = std::move(one.router),
                           .environment = std::move(one.environment),
                           .limit_ms = static_cast<std::uint64_t>(one.limit.count()),
                           .ticket = one.ticket});
  for (const Note& one : next.notes) note(one);
}

/// A director that has just started finds masters whose program ran before.
void Engine::meet_masters(const vrrp::Statuses& event) {
  for (const vrrp::Status& one : event.list) {
    if (one.state != vrrp::State::master) continue;
    const Note news{.kind = "VRRP_MASTER",
                    .object = one.name,
                    .text = fmt::format("vrrp {} is master", one.name),
                    .cause = one.cause};
    carry_on(router_programs_.meet(*config_, one.name, environment(entry_of(news))));
  }
}

void Engine::take(const vrrp::Statuses& event) {
  if (config_) meet_masters(event);
  if (!routers_.take(event) || !config_) return;
  syncing_.follow(routers_.is_master(syncing_.followed()), now_);
  attend_daemons();
  const std::size_t before = owned_.size();
  for (std::size_t i = 0; i < config_->services.size(); ++i)
    if (!config_->services[i].master_of.empty()) write_service(i);
  wake_probes();
  flush(false);
  if (owned_.size() != before) actions_.push_back(SaveState{});
}

/// Probes begin or end with mastership; a server keeps its state meanwhile.
void Engine::wake_probes() {
  Probes::Asleep now = asleep(*config_);
  if (now == asleep_) return;
  asleep_ = std::move(now);
  auto letters = probes_.load(*config_, now_, last_states(), asleep_);
  adopt_paths();
  for (auto& letter : letters) actions_.push_back(Tell{letter.prober, std::move(letter.message)});
}

/// Turns to the hidden services of the probes that run now; they are written before a probe needs them.
void Engine::adopt_paths() {
  const ipvs::Table table = path_table(*config_, probes_.paths());
  std::set<ipvs::ServiceKey> changed;
  for (const ipvs::ServiceKey& key : std::exchange(hidden_, {}))
    if (!table.contains(key) && wanted_.erase(key) != 0) changed.insert(key);
  for (const auto& [key, entry] : table) {
    hidden_.insert(key);
    own(key);
    if (std::exchange(wanted_[key], entry) != entry) changed.insert(key);
  }
  if (changed.empty()) return;
  for (const ipvs::ServiceKey& key : changed) backlog_.add(key);
  actions_.push_back(Settle{});
  flush(true);
}

/// Pools whose servers are not probed now.
Probes::Asleep Engine::asleep(const Config& config) const {
  Probes::Asleep list;
  for (std::size_t i = 0; i < config.pools.size(); ++i) {
    const std::string& name = config.pools[i].master_of;
    if (!name.empty() && routers_.is_master(name) == false) list.insert(i);
  }
  return list;
}

Probes::Known Engine::last_states() const {
  return [this](ServerRef server) { return pools_.server(server.pool, server.server).state; };
}

/// Whether a service belongs in the table now. One that a predecessor left there stays until its router is known.
bool Engine::stands(const VirtualServer& service) const {
  if (service.master_of.empty()) return true;
  if (const auto master = routers_.is_master(service.master_of)) return *master;
  return !service.keys.empty() && owned_.contains(service.keys.front());
}

}  // namespace keepalive::core
