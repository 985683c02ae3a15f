#include <fmt/format.h>

#include "core/doctor.hpp"

namespace keepalive::core {
namespace {

std::string where(const vrrp::Instance& router) { return fmt::format("[vrrp {}]", router.name); }

/// What a fault wants, by its first words.
std::string remedy(const std::string& reason) {
  const auto ends = [&](std::string_view end) { return reason.ends_with(end); };
  const bool interface = reason.starts_with("interface ");
  const std::string name = interface ? reason.substr(10, reason.find(' ', 10) - 10) : "";
  if (interface && ends(" is not there")) return fmt::format("ip link show; name an interface that there is");
  if (interface && ends(" is down")) return fmt::format("ip link set {} up, and see whether it has carrier", name);
  if (interface) return fmt::format("ip address add ADDRESS/PREFIX dev {}, or source = ADDRESS", name);
  return "keepalivectl explain says what its check found; it is backup again when no fault is left";
}

class RouterExamination {
 public:
  RouterExamination(const Engine& engine, const HostFacts& facts) : engine_{engine}, facts_{facts} {}

  std::vector<Finding> run() {
    for (const Vrrp& one : engine_.config().vrrps) {
      look_at_tracks(one.router);
      look_at(one.router, engine_.routers().find(one.router.name));
    }
    look_at_groups();
    for (const vrrp::Heartbeat& one : engine_.config().heartbeats) look_at(one);
    look_at_witnesses();
    return std::move(findings_);
  }

 private:
  void find(std::string level, std::string what, std::string place, std::string remedy) {
    findings_.push_back({std::move(level), std::move(what), std::move(place), std::move(remedy)});
  }

  void look_at(const vrrp::Instance& router, const vrrp::Status* status) {
    if (status == nullptr)
      return find("fault", "nothing is heard of this virtual router: its process may not run", where(router),
                  "the log says why; it is started again every second");
    for (const auto& [reason, since] : status->faults) find("fault", reason, where(router), remedy(reason));
    if (status->suspected)
      find("fault", "a heartbeat says that another master lives, which is not heard by VRRP", where(router),
           fmt::format("see what parts the two directors on {}: switches, VLANs, filters", router.interface));
    if (status->rival)
      find("fault", fmt::format("two masters: {} is one, too", to_string(status->master.value_or(ipvs::Address{}))),
           where(router),
           fmt::format("see whether the two hear each other on {}: filters, id, version, checksum, password",
                       router.interface));
  }

  void look_at(const vrrp::Heartbeat& heartbeat) {
    const vrrp::LineStatus* const line = engine_.routers().find_line(heartbeat.name);
    if (line == nullptr || line->up) return;
    std::string refused;
    for (std::size_t i = 0; i < line->refused.size() && i < vrrp::refusals; ++i)
      if (line->refused[i] != 0)
        refused += fmt::format("{}{} refused: {}", refused.empty() ? "; " : ", ", line->refused[i],
                               vrrp::to_string(static_cast<vrrp::Refusal>(i)));
    find("fault", fmt::format("this heartbeat line is silent{}", refused),
         fmt::format("[heartbeat {}]", heartbeat.name),
         fmt::format("see whether the other director runs, {} leads there, and the key is the same",
                     place_of(heartbeat)));
  }

  void look_at_witnesses() {
    for (const vrrp::WitnessStatus& one : engine_.routers().witnesses())
      if (!one.answered)
        find("warning", fmt::format("this witness has never answered through {}", one.interface),
             fmt::format("[witness {}]", one.name),
             "a master behind it is taken over from when no VRRP is heard; ask somebody who answers");
  }

  void look_at_tracks(const vrrp::Instance& router) {
    for (const vrrp::Track& track : router.track)
      if (track.kind == vrrp::Track::Kind::interface && !facts_.interfaces.contains(track.name))
        find("warning", fmt::format("there is no interface {}, which is tracked", track.name), where(router),
             fmt::format("ip link show; it counts as down: track = interface NAME"));
  }

  /// Members move together; what lasts is a fault.
  void look_at_groups() {
    std::map<std::string, std::map<std::string, vrrp::State>> groups;
    for (const Vrrp& one : engine_.config().vrrps)
      if (const auto* status = engine_.routers().find(one.router.name); status != nullptr && !one.router.group.empty())
        groups[one.router.group].emplace(one.router.name, status->state);
    for (const auto& [group, members] : groups) {
      std::set<vrrp::State> states;
      std::string text;
      for (const auto& [name, state] : members) {
        states.insert(state);
        text += fmt::format("{}{} is {}", text.empty() ? "" : ", ", name, vrrp::to_string(state));
      }
      if (states.size() > 1)
        find("fault", fmt::format("group {} is not in one state: {}", group, text), fmt::format("group = {}", group),
             "the other director must have the same members in its group; keepalivectl switchover moves all of them");
    }
  }

  const Engine& engine_;
  const HostFacts& facts_;
  std::vector<Finding> findings_ = {};
};

}  // namespace

std::vector<Finding> examine_routers(const Engine& engine, const HostFacts& facts) {
  return RouterExamination{engine, facts}.run();
}

}  // namespace keepalive::core
