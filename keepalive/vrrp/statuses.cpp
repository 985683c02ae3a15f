#include "vrrp/statuses.hpp"

namespace keepalive::vrrp_role {

using namespace core::vrrp;

namespace {

std::vector<Condition> conditions(const Instance& instance, const Router& router) {
  std::vector<Condition> list;
  for (const Track& track : instance.track) {
    const auto well = router.well(track);
    list.push_back(!well ? Condition::unknown : *well ? Condition::up : Condition::down);
  }
  return list;
}

}  // namespace

Status status(const Router::Standing& one, const Router& router) {
  return {.name = one.instance.name,
          .state = one.machine.state(),
          .since = one.since,
          .cause = one.cause,
          .priority = one.machine.priority(),
          .source = one.source.value_or(ipvs::Address::any(one.instance.family)),
          .faults = one.faults,
          .master = one.master,
          .master_priority = one.master_priority,
          .master_down = one.machine.master_down(),
          .rival = one.rival.has_value(),
          .yielded = one.machine.yielded(),
          .failback_at = one.machine.failback_at(),
          .unsynced = one.machine.unsynced(),
          .tracked = conditions(one.instance, router),
          .sent = one.counts.sent,
          .heard = one.counts.heard,
          .unproven = one.counts.unproven,
          .dropped = {one.counts.dropped.begin(), one.counts.dropped.end()},
          .suspected = one.suspected,
          .held = one.held};
}

std::vector<LineStatus> line_statuses(const Router& router) {
  std::vector<LineStatus> list;
  for (const auto& [name, line] : router.lines().all()) {
    const auto& counts = line.counts();
    list.push_back({.name = name,
                    .up = line.up(),
                    .since = line.since(),
                    .sent = counts.sent,
                    .heard = counts.heard,
                    .refused = {counts.refused.begin(), counts.refused.end()}});
  }
  return list;
}

std::vector<WitnessStatus> witness_statuses(const Router& router) {
  std::vector<WitnessStatus> list;
  const auto& witnesses = router.witnesses();
  for (const Witness& one : witnesses.all())
    for (const std::string& interface : witnesses.interfaces())
      list.push_back({.name = one.name, .interface = interface, .answered = witnesses.answer(one.name, interface)});
  return list;
}

}  // namespace keepalive::vrrp_role
