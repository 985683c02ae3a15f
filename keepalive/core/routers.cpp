#include "core/routers.hpp"

#include <algorithm>
#include <utility>

namespace keepalive::core {
namespace {

using vrrp::Track;

/// The pool whose quorum tells how a tracked thing fares; nothing: the director does not see it.
std::optional<std::size_t> pool_of(const Config& config, const Track& track) {
  if (track.kind == Track::Kind::service)
    for (const VirtualServer& service : config.services)
      if (service.name == track.name) return service.pool;
  for (std::size_t i = 0; i < config.pools.size(); ++i)
    if (const auto& one = config.pools[i].tracked; one && one->kind == track.kind && one->name == track.name) return i;
  return std::nullopt;
}

}  // namespace

Routers::Speeches Routers::load(const Config& config, const Pools& pools) {
  if (config.vrrps.empty()) return {};  // then there is no such process
  vrrp::Configured all;
  for (const Vrrp& one : config.vrrps) all.instances.push_back(one.router);
  told_.clear();
  Speeches list = look(config, pools);  // first: an instance must not start well and fault at once
  list.emplace_back(std::move(all));
  return list;
}

Routers::Speeches Routers::look(const Config& config, const Pools& pools) {
  Speeches list;
  for (const Vrrp& one : config.vrrps)
    for (const Track& track : one.router.track) {
      const auto pool = pool_of(config, track);
      if (!pool) continue;
      const bool well = pools.view(*pool).quorum;
      const auto [known, fresh] = told_.try_emplace(Thing{track.kind, track.name}, well);
      if (!fresh && std::exchange(known->second, well) == well) continue;
      list.emplace_back(vrrp::Tracked{.kind = track.kind, .name = track.name, .well = well});
    }
  return list;
}

bool Routers::take(const vrrp::Statuses& news) {
  bool changed = false;
  const auto master = [](const vrrp::Status& one) { return one.state == vrrp::State::master; };
  for (const vrrp::Status& one : news.list) {
    const auto before = is_master(one.name);
    statuses_[one.name] = one;
    changed = changed || before != std::optional{master(one)};
  }
  for (const std::string& name : news.gone) changed = statuses_.erase(name) > 0 || changed;
  lateness_ = std::max(lateness_, news.lateness);
  return changed;
}

std::optional<bool> Routers::is_master(const std::string& name) const {
  const auto found = statuses_.find(name);
  if (found == statuses_.end()) return std::nullopt;
  return found->second.state == vrrp::State::master;
}

const Command* program_of(const Config& config, const vrrp::News& news) {
  constexpr std::pair<std::string_view, Command Vrrp::*> programs[] = {{"VRRP_MASTER", &Vrrp::on_master},
                                                                       {"VRRP_BACKUP", &Vrrp::on_backup},
                                                                       {"VRRP_FAULT", &Vrrp::on_fault},
                                                                       {"VRRP_STOPPED", &Vrrp::on_stop}};
  for (const Vrrp& one : config.vrrps)
    for (const auto& [kind, member] : programs)
      if (one.router.name == news.instance && kind == news.kind && !(one.*member).argv.empty()) return &(one.*member);
  return nullptr;
}

}  // namespace keepalive::core
