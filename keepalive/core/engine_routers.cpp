// What the engine hears of its virtual routers, and which services stand because of them.
#include "core/engine.hpp"

namespace keepalive::core {

void Engine::tell_routers(Routers::Speeches&& speeches) {
  for (vrrp::Speech& one : speeches) actions_.push_back(TellRouters{std::move(one)});
}

void Engine::take(const RoutersStarted&) {
  if (config_) tell_routers(routers_.load(*config_, pools_));
}

void Engine::take(const vrrp::Told& event) {
  if (!config_) return;
  note({.level = static_cast<Note::Level>(event.news.level),
        .kind = event.news.kind,
        .object = event.news.instance,
        .text = event.news.text,
        .cause = event.news.cause,
        .program = program_of(*config_, event.news)});
}

void Engine::take(const vrrp::Statuses& event) {
  if (!routers_.take(event) || !config_) return;
  for (std::size_t i = 0; i < config_->services.size(); ++i)
    if (!config_->services[i].master_of.empty()) write_service(i);
  flush(false);
}

/// Whether a service belongs in the table now. One that a predecessor left there stays until its router is known.
bool Engine::stands(const VirtualServer& service) const {
  if (service.master_of.empty()) return true;
  if (const auto master = routers_.is_master(service.master_of)) return *master;
  return !service.keys.empty() && owned_.contains(service.keys.front());
}

}  // namespace keepalive::core
