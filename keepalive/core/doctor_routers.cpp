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
    if (status->rival)
      find("fault", fmt::format("two masters: {} is one, too", to_string(status->master.value_or(ipvs::Address{}))),
           where(router),
           fmt::format("see whether the two hear each other on {}: filters, id, version, checksum, password",
                       router.interface));
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
