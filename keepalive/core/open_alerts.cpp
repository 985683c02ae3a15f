#include "core/open_alerts.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/closings.hpp"

namespace keepalive::core {
namespace {

/// Those of virtual routers: mail does not remind of them.
constexpr auto of_routers = std::to_array<Closing>({{"VRRP_RIVAL", "VRRP_RIVAL_GONE"},
                                                    {"HEARTBEAT_LOST", "HEARTBEAT_BACK"},
                                                    {"PARTITION_SUSPECTED", "PARTITION_OVER"},
                                                    {"TAKEOVER_WAITS", "VRRP_MASTER"},
                                                    {"VRRP_FAULT", "VRRP_BACKUP"},
                                                    {"VRRP_FAULT", "VRRP_MASTER"},
                                                    {"VRRP_FAULT", "VRRP_STOPPED"},
                                                    {"VRRP_PROGRAM_FAILED", "VRRP_PROGRAM_DONE"},
                                                    {"SYNC_REFUSED", "SYNC_ACCEPTED"}});

bool closes(std::span<const Closing> rows, const Journal& entry, const Journal& alert) {
  return std::ranges::any_of(rows,
                             [&](const Closing& row) { return row.opens == alert.kind && row.closes == entry.kind; });
}

bool ends(const Journal& entry, const Journal& alert) {
  if (entry.object != alert.object) return false;
  return entry.kind == alert.kind || closes(closings(), entry, alert) || closes(of_routers, entry, alert);
}

/// Whether another entry may tell that it is over.
bool lasts(const Journal& alert) {
  return closing_of(alert.kind) != nullptr ||
         std::ranges::find(of_routers, alert.kind, &Closing::opens) != of_routers.end();
}

}  // namespace

void OpenAlerts::take(const Journal& entry) {
  std::erase_if(list_, [&](const OpenAlert& one) { return ends(entry, one.entry); });
  if (entry.level != Journal::Level::alert) return;
  if (list_.size() == most) {
    const auto known = std::ranges::find_if(list_, [](const OpenAlert& one) { return one.acknowledged.has_value(); });
    list_.erase(known == list_.end() ? list_.begin() : known);
  }
  list_.push_back({.entry = entry});
}

bool OpenAlerts::acknowledge(std::uint64_t sequence, const Acknowledgement& by) {
  const auto found = std::ranges::find_if(list_, [&](const OpenAlert& one) { return one.entry.sequence == sequence; });
  if (found == list_.end()) return false;
  if (lasts(found->entry))
    found->acknowledged = by;
  else
    list_.erase(found);
  return true;
}

const OpenAlert* OpenAlerts::find(std::uint64_t sequence) const {
  const auto found = std::ranges::find_if(list_, [&](const OpenAlert& one) { return one.entry.sequence == sequence; });
  return found == list_.end() ? nullptr : &*found;
}

}  // namespace keepalive::core
