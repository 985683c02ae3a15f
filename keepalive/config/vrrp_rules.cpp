#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <tuple>

#include "base/diagnostics.hpp"
#include "config/schema.hpp"
#include "config/vrrp_keys.hpp"

namespace keepalive::config {
namespace {

using namespace keepalive::vrrp;

constexpr std::uint8_t owner = 255;

/// A rule between keys: at which one it is told, whether it is broken, and how.
struct Constraint {
  std::string_view key;
  bool (*broken)(const VrrpDraft& draft);
  std::string_view text;
};

const Instance& router(const VrrpDraft& draft) { return draft.vrrp.router; }
bool is_v2(const VrrpDraft& draft) { return router(draft).version == Version::v2; }
bool of_family(const VrrpDraft& draft, const ipvs::Address& address) {
  return address.family() == router(draft).family;
}

constexpr Constraint rules[] = {
    {"interface", [](const VrrpDraft& draft) { return !draft.given.contains("interface"); },
     "a virtual router needs `interface'"},
    {"id", [](const VrrpDraft& draft) { return !draft.given.contains("id"); }, "a virtual router needs `id'"},
    {"advertise",
     [](const VrrpDraft& draft) {
       return is_v2(draft) && router(draft).advertise % std::chrono::seconds{1} != keepalive::vrrp::Time{0};
     },
     "version 2 knows whole seconds only"},
    {"advertise",
     [](const VrrpDraft& draft) {
       constexpr std::chrono::milliseconds most{40'950};
       return !is_v2(draft) && (router(draft).advertise > most ||
                                router(draft).advertise % std::chrono::milliseconds{10} != keepalive::vrrp::Time{0});
     },
     "version 3 knows hundredths of a second, at most 40950ms"},
    {"version", [](const VrrpDraft& draft) { return is_v2(draft) && router(draft).family == ipvs::Family::ipv6; },
     "version 2 has no IPv6"},
    {"password", [](const VrrpDraft& draft) { return !is_v2(draft) && !router(draft).password.empty(); },
     "version 3 has no password"},
    {"hmac_key",
     [](const VrrpDraft& draft) { return draft.given.contains("hmac_key") && !draft.given.contains("hmac"); },
     "needs `hmac': receive, permissive or enforce"},
    {"hmac", [](const VrrpDraft& draft) { return draft.given.contains("hmac") && !draft.given.contains("hmac_key"); },
     "needs `hmac_key': 1 file:/PATH"},
    {"hmac_window",
     [](const VrrpDraft& draft) { return draft.given.contains("hmac_window") && !draft.given.contains("hmac"); },
     "needs `hmac': receive, permissive or enforce"},
    {"failback",
     [](const VrrpDraft& draft) {
       return router(draft).priority == owner && router(draft).failback.kind != Failback::Kind::immediate;
     },
     "priority 255 owns the addresses and always takes over: RFC 9568 section 6.1"},
    {"peers",
     [](const VrrpDraft& draft) {
       const auto& peers = router(draft).peers;
       return std::any_of(peers.begin(), peers.end(), [&](const Peer& one) { return !of_family(draft, one.address); });
     },
     "peers are of another address family than the instance"},
    {"source",
     [](const VrrpDraft& draft) {
       return router(draft).source != ipvs::Address{} && !of_family(draft, router(draft).source);
     },
     "is of another address family than the instance"},
    {"ttl", [](const VrrpDraft& draft) { return draft.given.contains("ttl") && !draft.given.contains("peers"); },
     "needs peers: by multicast it is 255 always"},
    {"verify",
     [](const VrrpDraft& draft) { return draft.given.contains("verify") && !draft.given.contains("on_master"); },
     "needs `on_master': what is to be verified"},
    {"verify_interval",
     [](const VrrpDraft& draft) {
       return draft.vrrp.verify_interval > Milliseconds{0} && !draft.given.contains("verify");
     },
     "needs `verify': a program that tells whether all is well"},
};

class VrrpResolver {
 public:
  VrrpResolver(Draft& draft, Teller& tell) : draft_{draft}, tell_{tell} {}

  void run() {
    for (VrrpDraft& one : draft_.vrrps)
      if (one.section != nullptr) finish(one);
    for (const ServiceDraft& service : draft_.services)
      check_master(service.service.master_of, service.given.find("when"));
    for (const PoolDraft& pool : draft_.pools) check_master(pool.pool.master_of, pool.given.find("check_when"));
  }

 private:
  void finish(VrrpDraft& one) {
    Instance& instance = one.vrrp.router;
    if (one.family)
      instance.family = *one.family;
    else if (!instance.addresses.empty())
      instance.family = instance.addresses.front().address.family();
    constexpr keepalive::vrrp::Time least_window{std::chrono::seconds{5}};
    if (!one.given.contains("hmac_window")) instance.hmac.window = std::max(3 * instance.advertise, least_window);
    if (one.virtual_mac)
      instance.virtual_mac = fmt::format("vrrp{}.{}", instance.family == ipvs::Family::ipv6 ? "6" : "", instance.id);
    for (keepalive::vrrp::Rule& rule : instance.rules)
      rule.family = rule.from ? rule.from->address.family() : rule.to ? rule.to->address.family() : instance.family;
    for (const Constraint& rule : rules)
      if (one.given.sound({rule.key}) && rule.broken(one))
        tell_.at(one.given, rule.key, one.section, std::string{rule.text});
    check_identity(one);
    check_virtual_mac(one);
    check_addresses(one);
    check_group(one);
    for (std::size_t i = 0; i < one.tracks.size(); ++i) check_track(instance.track[i], one.tracks[i]);
  }

  void check_identity(const VrrpDraft& one) {
    const Instance& instance = router(one);
    if (!one.given.contains("id") || !one.given.sound({"id", "interface"})) return;
    const auto key = std::tuple{instance.interface, instance.id, instance.family};
    const auto [other, fresh] = ids_.emplace(key, instance.name);
    if (!fresh)
      tell_.at(one.given, "id", one.section,
               fmt::format("[vrrp {}] has id {} on {} already", other->second, instance.id, instance.interface));
  }

  void check_virtual_mac(const VrrpDraft& one) {
    const Instance& instance = router(one);
    if (instance.virtual_mac.empty() || !one.given.sound({"id", "virtual_mac"})) return;
    const auto [other, fresh] = macs_.emplace(instance.virtual_mac, instance.name);
    if (!fresh)
      tell_.at(one.given, "virtual_mac", one.section,
               fmt::format("[vrrp {}] has an interface {} already: write another name instead of `yes'", other->second,
                           instance.virtual_mac));
    if (instance.virtual_mac == instance.interface)
      tell_.at(one.given, "virtual_mac", one.section, "is `interface' itself: it wants a name that is free");
  }

  void check_addresses(const VrrpDraft& one) {
    for (const VirtualAddress& address : router(one).addresses) {
      const std::string& interface = address.interface.empty() ? router(one).interface : address.interface;
      const auto [other, fresh] = addresses_.emplace(std::pair{interface, address.address}, router(one).name);
      if (!fresh)
        tell_.at(one.given, address.excluded ? "excluded" : "addresses", one.section,
                 other->second == router(one).name
                     ? fmt::format("{} stands here twice", to_string(address.address))
                     : fmt::format("{} belongs to [vrrp {}] already", to_string(address.address), other->second));
    }
  }

  /// Members of one group that had different priorities would pull it to and fro.
  void check_group(const VrrpDraft& one) {
    const Instance& instance = router(one);
    if (instance.group.empty()) return;
    const auto [other, fresh] = groups_.emplace(instance.group, &instance);
    if (!fresh && other->second->priority != instance.priority)
      tell_.at(one.given, "priority", one.section,
               fmt::format("[vrrp {}] of the same group has priority {}: they move as one", other->second->name,
                           other->second->priority));
  }

  template <class List, class Name>
  void check_name(const List& list, Name name, std::string_view what, const std::string& wanted, const Spot& spot) {
    std::vector<std::string_view> known;
    for (const auto& one : list) known.push_back(name(one));
    if (std::find(known.begin(), known.end(), wanted) != known.end()) return;
    tell_.at(spot, fmt::format("no {} is called `{}'{}", what, wanted, base::suggestion(wanted, known)));
  }

  void check_track(const Track& track, const Spot& spot) {
    if (track.kind == Track::Kind::service)
      check_name(
          draft_.services, [](const ServiceDraft& one) { return std::string_view{one.service.name}; }, "virtual server",
          track.name, spot);
    if (track.kind != Track::Kind::script && track.kind != Track::Kind::file) return;
    const auto& checks = draft_.config.checks;
    check_name(
        checks, [](const Check& one) { return std::string_view{one.name}; }, "check", track.name, spot);
    const auto check =
        std::find_if(checks.begin(), checks.end(), [&](const Check& one) { return one.name == track.name; });
    if (check == checks.end()) return;
    const bool addressed = check->connect_address.has_value();
    if (check->type != CheckType::script && check->type != CheckType::file && !addressed)
      return tell_.at(spot, fmt::format("[check {}] needs `address': there is no server here", track.name));
    if (!check->connect_port && applies(*find_key("check", "port"), name(check->type)))
      return tell_.at(spot, fmt::format("[check {}] needs `port': there is no server here", track.name));
    watch(track, static_cast<std::size_t>(check - checks.begin()));
  }

  /// A check that is tracked runs like a server's: it is the only one of a pool that no service uses.
  void watch(const Track& track, std::size_t check) {
    if (!watched_.insert({track.kind, track.name}).second) return;
    PoolDraft& draft = draft_.pools.emplace_back();
    draft.pool.name = fmt::format("track/{}/{}", to_string(track.kind), track.name);
    draft.pool.tracked = Track{.kind = track.kind, .name = track.name};
    draft.pool.checks = {check};
    draft.servers.push_back({.server = {.name = track.name}});
  }

  void check_master(const std::string& name, const base::ini::Entry* entry) {
    if (name.empty()) return;
    check_name(draft_.vrrps, [](const VrrpDraft& one) { return std::string_view{one.vrrp.router.name}; },
               "virtual router", name, {entry});
  }

  Draft& draft_;
  Teller& tell_;
  std::map<std::tuple<std::string, std::uint8_t, ipvs::Family>, std::string> ids_ = {};
  std::map<std::string, std::string> macs_ = {};  // by interface, whose
  std::map<std::pair<std::string, ipvs::Address>, std::string> addresses_ = {};
  std::map<std::string, const Instance*> groups_ = {};
  std::set<std::pair<Track::Kind, std::string>> watched_ = {};
};

}  // namespace

void resolve_vrrp(Draft& draft, Teller& tell) { VrrpResolver{draft, tell}.run(); }

}  // namespace keepalive::config
