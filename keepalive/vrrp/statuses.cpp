#include "vrrp/statuses.hpp"

namespace keepalive::vrrp_role {

using core::vrrp::LineStatus;
using core::vrrp::Router;
using core::vrrp::WitnessStatus;

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
  for (const vrrp::Witness& one : witnesses.all())
    for (const std::string& interface : witnesses.interfaces())
      list.push_back({.name = one.name, .interface = interface, .answered = witnesses.answer(one.name, interface)});
  return list;
}

}  // namespace keepalive::vrrp_role
