#include "sender/open.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

namespace keepalive::sender {
namespace {

struct Row {
  std::string_view opens;
  std::string_view closes;
  bool standing = false;  // core::Standing tells of it
};
constexpr auto rows = std::to_array<Row>({{"SERVER_DOWN", "SERVER_UP", true},
                                          {"QUORUM_LOST", "QUORUM_GAINED", true},
                                          {"PANIC", "PANIC_OVER", true},
                                          {"PROBER_LOST", "PROBER_BACK"},
                                          {"PROBER_SILENT", "PROBER_BACK"},
                                          {"PROBES_LATE", "PROBES_IN_TIME"},
                                          {"DRIFT_RECURS", "DRIFT_ENDS"},
                                          {"KERNEL_REFUSED", "KERNEL_ACCEPTED"},
                                          {"SETTING_REFUSED", "SETTING_ACCEPTED"},
                                          {"CHECK_UNABLE", "CHECK_ABLE"},
                                          {"RULES_REFUSED", "RULES_WRITTEN"},
                                          {"CONFIG_REFUSED", "CONFIG_LOADED"}});

const Row* opening(std::string_view kind) {
  const auto* const row = std::ranges::find(rows, kind, &Row::opens);
  return row == rows.end() ? nullptr : row;
}

}  // namespace

bool OpenAlerts::take(const core::Alert& alert) {
  if (alert.level != core::Alert::Level::info) {
    if (opening(alert.kind) != nullptr) open_.try_emplace({alert.object, alert.kind}, alert);
    return true;
  }
  bool closed = false;
  for (const Row& row : rows)
    if (row.closes == alert.kind) closed |= open_.erase({alert.object, std::string{row.opens}}) != 0;
  return closed;
}

void OpenAlerts::stand(const core::Standing& standing) {
  std::map<Key, core::Alert> now;
  for (const core::Alert& alert : standing.list) now.try_emplace({alert.object, alert.kind}, alert);
  for (auto& [key, alert] : open_) {
    const bool told = opening(key.second)->standing;
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
