// What the engine does for connection sync.
#include "core/engine.hpp"

namespace keepalive::core {

void Engine::attend_daemons() {
  const bool ours = syncing_.ours();
  if (auto action = syncing_.due(now_)) actions_.push_back(std::move(*action));
  if (syncing_.ours() != ours) actions_.push_back(SaveState{});  // who comes after us must know
}

void Engine::take(const DaemonsAre& event) {
  if (!config_) return;
  const bool ours = syncing_.ours();
  for (const Note& one : syncing_.take(event, now_)) note(one);
  if (syncing_.ours() != ours) actions_.push_back(SaveState{});
  attend_daemons();
}

void Engine::take(const SyncReport& event) {
  if (config_ && syncing_.take(event)) tell_routers({vrrp::Synced{syncing_.synced()}});
}

}  // namespace keepalive::core
