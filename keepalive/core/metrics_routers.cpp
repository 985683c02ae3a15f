#include "core/metrics_routers.hpp"

namespace keepalive::core {
namespace {

using namespace exposition;

struct RouterRow {
  std::string labels = "";
  const vrrp::Status* status = nullptr;
  std::size_t addresses = 0;
  std::uint64_t transitions = 0;
  Time boot{0};
};
struct StateRow {
  std::string labels = "";
  bool is = false;
};
struct DropRow {
  std::string labels = "";
  std::uint64_t count = 0;
};
struct LineRow {
  std::string labels = "";
  const vrrp::LineStatus* line = nullptr;
};
struct WitnessRow {
  std::string labels = "";
  std::optional<Time> answered = std::nullopt;
};
struct LateRow {
  std::string labels = "";
  Time worst{0};
};

/// Of what is heard of a virtual router.
template <class Value>
Sample told(const RouterRow& row, Value (*value)(const vrrp::Status&)) {
  return row.status == nullptr ? std::nullopt : Sample{number(value(*row.status))};
}

constexpr Family<RouterRow> router_families[] = {
    {"keepalive_vrrp_priority", "gauge", "", "Priority that it advertises; absent: nothing is heard of it yet.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.priority); });
     }},
    {"keepalive_vrrp_since_timestamp_seconds", "gauge", "seconds", "When it entered its state.",
     [](const RouterRow& row) -> Sample {
       return row.status == nullptr ? std::nullopt : Sample{seconds(row.boot + row.status->since)};
     }},
    {"keepalive_vrrp_faults", "gauge", "", "Reasons why it cannot work.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.faults.size()); });
     }},
    {"keepalive_vrrp_rival", "gauge", "", "1: another master is heard.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.rival); });
     }},
    {"keepalive_vrrp_partition_suspected", "gauge", "", "1: a heartbeat says that another master lives, unheard.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.suspected.has_value()); });
     }},
    {"keepalive_vrrp_addresses", "gauge", "", "Addresses that its master holds.",
     [](const RouterRow& row) -> Sample { return number(row.addresses); }},
    {"keepalive_vrrp_transitions", "counter", "", "Changes of its state.",
     [](const RouterRow& row) -> Sample { return number(row.transitions); }},
    {"keepalive_vrrp_advertisements_sent", "counter", "", "Advertisements sent.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.sent); });
     }},
    {"keepalive_vrrp_advertisements_received", "counter", "", "Advertisements heard.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.heard); });
     }},
    {"keepalive_vrrp_advertisements_unproven", "counter", "", "Of these, without an HMAC where there are keys.",
     [](const RouterRow& row) -> Sample {
       return told(
           row, +[](const vrrp::Status& one) { return number(one.unproven); });
     }},
};

constexpr Family<StateRow> state_families[] = {
    {"keepalive_vrrp_state", "gauge", "", "1: it is in this state; all 0: nothing is heard of it yet.",
     [](const StateRow& row) -> Sample { return number(row.is); }},
};

constexpr Family<DropRow> drop_families[] = {
    {"keepalive_vrrp_advertisements_dropped", "counter", "", "Packets not heard, by reason.",
     [](const DropRow& row) -> Sample { return number(row.count); }},
};

constexpr Family<LateRow> late_families[] = {
    {"keepalive_vrrp_lateness_seconds", "gauge", "seconds", "The worst lateness of an advertisement so far.",
     [](const LateRow& row) -> Sample { return seconds(row.worst); }},
};

constexpr Family<LineRow> line_families[] = {
    {"keepalive_heartbeat_up", "gauge", "", "1: the other director is heard on it.",
     [](const LineRow& row) -> Sample { return number(row.line->up); }},
    {"keepalive_heartbeat_sent", "counter", "", "Words sent on it.",
     [](const LineRow& row) -> Sample { return number(row.line->sent); }},
    {"keepalive_heartbeat_received", "counter", "", "Words heard and believed.",
     [](const LineRow& row) -> Sample { return number(row.line->heard); }},
};

constexpr Family<DropRow> refusal_families[] = {
    {"keepalive_heartbeat_refused", "counter", "", "Words not believed, by reason.",
     [](const DropRow& row) -> Sample { return number(row.count); }},
};

constexpr Family<WitnessRow> witness_families[] = {
    {"keepalive_witness_answered_timestamp_seconds", "gauge", "seconds", "When it answered last; absent: never.",
     [](const WitnessRow& row) -> Sample { return row.answered ? Sample{seconds(*row.answered)} : std::nullopt; }},
};

struct RouterRows {
  std::vector<RouterRow> routers = {};
  std::vector<StateRow> states = {};
  std::vector<DropRow> drops = {};
};

RouterRows router_rows(const Engine& engine, Time boot) {
  RouterRows all;
  for (const Vrrp& one : engine.config().vrrps) {
    const std::string& name = one.router.name;
    const vrrp::Status* const status = engine.routers().find(name);
    const std::string its = label("vrrp", name);
    all.routers.push_back({its, status, one.router.addresses.size(), engine.routers().transitions(name), boot});
    for (const auto state : {vrrp::State::master, vrrp::State::backup, vrrp::State::fault, vrrp::State::stopped})
      all.states.push_back({its + "," + label("state", vrrp::to_string(state)), status && status->state == state});
    for (std::size_t i = 0; status && i < status->dropped.size() && i < vrrp::drops; ++i)
      all.drops.push_back(
          {its + "," + label("reason", vrrp::to_string(static_cast<vrrp::Drop>(i))), status->dropped[i]});
  }
  return all;
}

/// Of heartbeat lines and witnesses.
void add_lines(Page& page, const Routers& routers, Time boot) {
  std::vector<LineRow> lines;
  std::vector<DropRow> refusals;
  std::vector<WitnessRow> witnesses;
  for (const vrrp::LineStatus& one : routers.lines()) {
    const std::string its = label("heartbeat", one.name);
    lines.push_back({its, &one});
    for (std::size_t i = 0; i < one.refused.size() && i < vrrp::refusals; ++i)
      refusals.push_back({its + "," + label("reason", vrrp::to_string(static_cast<vrrp::Refusal>(i))), one.refused[i]});
  }
  for (const vrrp::WitnessStatus& one : routers.witnesses())
    witnesses.push_back({label("witness", one.name) + "," + label("interface", one.interface),
                         one.answered ? std::optional{boot + *one.answered} : std::nullopt});
  if (!lines.empty()) page.add(line_families, lines);
  if (!refusals.empty()) page.add(refusal_families, refusals);
  if (!witnesses.empty()) page.add(witness_families, witnesses);
}

}  // namespace

void add_routers(exposition::Page& page, const Engine& engine, Time boot) {
  if (!engine.loaded() || engine.config().vrrps.empty()) return;
  const RouterRows all = router_rows(engine, boot);
  page.add(state_families, all.states);
  page.add(router_families, all.routers);
  page.add(drop_families, all.drops);
  page.add(late_families, std::vector<LateRow>{{"", engine.routers().lateness().worst}});
  page.add_histogram("keepalive_vrrp_advertisement_lateness_seconds", "By how much advertisements went out late.",
                     engine.routers().lateness());
  add_lines(page, engine.routers(), boot);
}

}  // namespace keepalive::core
