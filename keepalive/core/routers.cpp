#include "core/routers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace keepalive::core {

using vrrp::Track;

std::optional<std::size_t> pool_of(const Config& config, const Track& track) {
  if (track.kind == Track::Kind::service)
    for (const VirtualServer& service : config.services)
      if (service.name == track.name) return service.pool;
  for (std::size_t i = 0; i < config.pools.size(); ++i)
    if (const auto& one = config.pools[i].tracked; one && one->kind == track.kind && one->name == track.name) return i;
  return std::nullopt;
}

Routers::Speeches Routers::load(const Config& config, const Pools& pools) {
  if (config.vrrps.empty()) return {};  // then there is no such process
  vrrp::Configured all;
  for (const Vrrp& one : config.vrrps) all.instances.push_back(one.router);
  all.lines = config.heartbeats;
  all.witnesses = config.witnesses;
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
    const auto* const known = find(one.name);
    transitions_[one.name] += known != nullptr && known->state != one.state ? 1 : 0;
    statuses_[one.name] = one;
    masters_[one.name] = master(one);
    changed = changed || before != std::optional{master(one)};
  }
  for (const std::string& name : news.gone) {
    statuses_.erase(name);
    changed = masters_.erase(name) > 0 || changed;
  }
  lateness_.add(news.lateness);
  lines_ = news.lines;
  witnesses_ = news.witnesses;
  return changed;
}

std::optional<bool> Routers::is_master(const std::string& name) const {
  const auto found = masters_.find(name);
  return found == masters_.end() ? std::nullopt : std::optional{found->second};
}

const vrrp::Status* Routers::find(const std::string& name) const {
  const auto found = statuses_.find(name);
  return found == statuses_.end() ? nullptr : &found->second;
}

const vrrp::LineStatus* Routers::find_line(const std::string& name) const {
  const auto found =
      std::find_if(lines_.begin(), lines_.end(), [&](const vrrp::LineStatus& one) { return one.name == name; });
  return found == lines_.end() ? nullptr : &*found;
}

std::string place_of(const vrrp::Heartbeat& heartbeat) {
  if (heartbeat.kind == vrrp::Heartbeat::Kind::tty) return fmt::format("{} {}", heartbeat.device, heartbeat.speed);
  return fmt::format("{} -> {}{}{}", to_string(heartbeat.local.address), to_string(heartbeat.remote),
                     heartbeat.device.empty() ? "" : " dev ", heartbeat.device);
}

std::uint64_t Routers::transitions(const std::string& name) const {
  const auto found = transitions_.find(name);
  return found == transitions_.end() ? 0 : found->second;
}

const Vrrp* find_router(const Config& config, std::string_view name) {
  for (const Vrrp& one : config.vrrps)
    if (one.router.name == name) return &one;
  return nullptr;
}

std::string objection(const Vrrp& router, const vrrp::Status* status, bool to_master) {
  const std::string& name = router.router.name;
  if (status == nullptr) return fmt::format("nothing is heard of vrrp {} yet: its process may not run", name);
  if (status->state == vrrp::State::fault)
    return fmt::format("vrrp {} is in fault: {}", name,
                       status->faults.empty() ? status->cause : status->faults.begin()->first);
  if (status->state == vrrp::State::stopped) return fmt::format("vrrp {} is stopped: {}", name, status->cause);
  if (to_master && status->state == vrrp::State::backup && status->master_priority == vrrp::owner)
    return fmt::format("{} owns the addresses of vrrp {} (priority 255): it cannot be displaced",
                       to_string(status->master.value_or(ipvs::Address{})), name);
  return {};
}

StateProgram state_program(const Vrrp& router, std::string_view kind) {
  struct Row {
    std::string_view kind;
    std::string_view key;
    Command Vrrp::*member;
  };
  constexpr Row rows[] = {{"VRRP_MASTER", "on_master", &Vrrp::on_master},
                          {"VRRP_BACKUP", "on_backup", &Vrrp::on_backup},
                          {"VRRP_FAULT", "on_fault", &Vrrp::on_fault},
                          {"VRRP_STOPPED", "on_stop", &Vrrp::on_stop}};
  for (const auto& [news, key, member] : rows)
    if (news == kind) return {key, (router.*member).argv.empty() ? nullptr : &(router.*member)};
  return {};
}

}  // namespace keepalive::core
