#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "config/heartbeat_keys.hpp"

namespace keepalive::config {
namespace {

using keepalive::vrrp::Heartbeat;
using keepalive::vrrp::Instance;
using keepalive::vrrp::Witness;

class HeartbeatResolver {
 public:
  HeartbeatResolver(Draft& draft, Teller& tell) : draft_{draft}, tell_{tell} {}

  void run() {
    for (const HeartbeatDraft& one : draft_.heartbeats) check(one);
    for (const WitnessDraft& one : draft_.witnesses) check(one);
    if (!draft_.heartbeats.empty()) check_ids();
    for (const VrrpDraft& one : draft_.vrrps)
      if (one.vrrp.router.ask_witness && draft_.witnesses.empty())
        tell_.at(one.given, "ask_witness", one.section, "there is no [witness NAME] to ask");
  }

 private:
  void check(const HeartbeatDraft& one) {
    const Heartbeat& line = one.heartbeat;
    if (one.given.contains("udp") == one.given.contains("tty"))
      tell_.at(one.given, "tty", one.section, "a heartbeat needs `udp' or `tty', not both");
    if (!one.given.contains("key"))
      tell_.at(one.section, "a heartbeat needs `key': whoever forged one could have the service taken over");
    else if (one.given.sound({"key"}) && line.key.size() < keepalive::vrrp::shortest_key)
      tell_.at(one.given, "key", one.section,
               fmt::format("the key has {} bytes, it wants {} or more: head -c 32 /dev/urandom | base64 > FILE",
                           line.key.size(), keepalive::vrrp::shortest_key));
    if (draft_.vrrps.empty()) tell_.at(one.section, "there is no [vrrp NAME] for a heartbeat to tell of");
    if (!one.given.sound({"udp", "tty"})) return;
    const bool udp = line.kind == Heartbeat::Kind::udp;
    const auto place = udp ? fmt::format("{} dev {}", to_string(line.local), line.device) : line.device;
    const auto [other, fresh] = places_.emplace(place, line.name);
    if (!fresh)
      tell_.at(one.given, udp ? "udp" : "tty", one.section,
               fmt::format("[heartbeat {}] has {} already", other->second, udp ? to_string(line.local) : line.device));
  }

  void check(const WitnessDraft& one) {
    if (one.given.contains("ping") == one.given.contains("tcp"))
      tell_.at(one.given, "tcp", one.section, "a witness needs `ping' or `tcp', not both");
    if (draft_.vrrps.empty()) tell_.at(one.section, "there is no [vrrp NAME] whose interface it is asked through");
  }

  /// The lines tell virtual routers apart by VRID and family alone.
  void check_ids() {
    std::map<std::tuple<std::uint8_t, ipvs::Family>, const Instance*> ids;
    for (const VrrpDraft& one : draft_.vrrps) {
      const Instance& instance = one.vrrp.router;
      if (!one.given.contains("id") || !one.given.sound({"id", "interface"})) continue;
      const auto [other, fresh] = ids.emplace(std::tuple{instance.id, instance.family}, &instance);
      if (!fresh && other->second->interface != instance.interface)
        tell_.at(one.given, "id", one.section,
                 fmt::format("[vrrp {}] has id {}, too: with a heartbeat ids differ even on different interfaces",
                             other->second->name, instance.id));
    }
  }

  Draft& draft_;
  Teller& tell_;
  std::map<std::string, std::string> places_ = {};
};

bool uses(const Config& config, const std::string& interface) {
  return std::any_of(config.vrrps.begin(), config.vrrps.end(),
                     [&](const Vrrp& one) { return one.router.interface == interface; });
}

}  // namespace

void resolve_heartbeats(Draft& draft, Teller& tell) { HeartbeatResolver{draft, tell}.run(); }

Diagnostics heartbeat_warnings(const Draft& draft) {
  Diagnostics list;
  const auto warn = [&](const base::ini::Section& section, std::string text) {
    list.push_back({section.at, std::move(text), std::string{section.source}, base::Diagnostic::Kind::warning});
  };
  const Config& config = draft.config;
  for (std::size_t i = 0; i < config.heartbeats.size(); ++i) {
    const Heartbeat& one = config.heartbeats[i];
    if (config.witnesses.empty())
      warn(*draft.heartbeats[i].section,
           "without a [witness NAME] a backup that hears no VRRP takes over even if a heartbeat says that the master "
           "lives");
    if (one.kind == Heartbeat::Kind::udp && uses(config, one.device))
      warn(*draft.heartbeats[i].section,
           fmt::format("heartbeat {} dies with {}, where VRRP is spoken", one.name, one.device));
  }
  const bool asked = !config.heartbeats.empty() || std::any_of(config.vrrps.begin(), config.vrrps.end(),
                                                               [](const Vrrp& one) { return one.router.ask_witness; });
  for (std::size_t i = 0; !asked && i < config.witnesses.size(); ++i)
    warn(*draft.witnesses[i].section,
         fmt::format("nothing uses witness {}: there is no [heartbeat NAME], and no [vrrp NAME] "
                     "has ask_witness = yes",
                     config.witnesses[i].name));
  return list;
}

}  // namespace keepalive::config
