#include "sender/open.hpp"

#include <algorithm>
#include <tuple>

#include "core/closings.hpp"

namespace keepalive::sender {

bool OpenAlerts::take(const core::Alert& alert) {
  if (alert.level != core::Alert::Level::info) {
    if (core::closing_of(alert.kind) != nullptr) open_.try_emplace({alert.object, alert.kind}, alert);
    return true;
  }
  bool closed = false;
  for (const core::Closing& row : core::closings())
    if (row.closes == alert.kind) closed |= open_.erase({alert.object, std::string{row.opens}}) != 0;
  return closed;
}

void OpenAlerts::stand(const core::Standing& standing) {
  std::map<Key, core::Alert> now;
  for (const core::Alert& alert : standing.list) now.try_emplace({alert.object, alert.kind}, alert);
  for (auto& [key, alert] : open_) {
    const bool told = core::closing_of(key.second)->standing;
    if (!told || now.contains(key)) now.insert_or_assign(key, std::move(alert));  // what we have says more
  }
  open_ = std::move(now);
}

std::vector<const core::Alert*> OpenAlerts::list() const {
  std::vector<const core::Alert*> all;
  for (const auto& [key, alert] : open_) all.push_back(&alert);
  std::ranges::stable_sort(all, {}, [](const core::Alert* one) { return std::tie(one->time, one->sequence); });
  return all;
}

}  // namespace keepalive::sender
