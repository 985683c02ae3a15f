#include "config/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "config/heartbeat_keys.hpp"
#include "config/monitor_keys.hpp"
#include "config/placement.hpp"
#include "config/probing.hpp"
#include "config/rules.hpp"
#include "config/sync_keys.hpp"
#include "config/teller.hpp"
#include "config/vrrp_keys.hpp"

namespace keepalive::config {
namespace {

using base::ini::Entry;

/// A mask in the kernel's form, from what the file says; nothing: not of this family.
std::optional<ipvs::Netmask> mask_of(const ServiceDraft& draft, ipvs::Family family) {
  const std::uint32_t value = draft.service.properties.netmask->value;
  if (family == ipvs::Family::ipv6) return draft.mask_is_prefix ? std::optional{ipvs::Netmask{value}} : std::nullopt;
  if (!draft.mask_is_prefix) return ipvs::Netmask{value};
  if (value > 32) return std::nullopt;
  return ipvs::Netmask{0xffffffffU << (32 - value)};
}

/// Names with their indices.
template <class Drafts, class Name>
std::map<std::string, std::size_t> index(const Drafts& drafts, Name name) {
  std::map<std::string, std::size_t> all;
  for (std::size_t i = 0; i < drafts.size(); ++i) all.emplace(name(drafts[i]), i);
  return all;
}

class Resolver {
 public:
  Resolver(Draft& draft, Diagnostics& faults)
      : draft_{draft},
        tell_{faults},
        checks_{index(draft.config.checks, [](const Check& check) { return check.name; })},
        pools_{index(draft.pools, [](const PoolDraft& pool) { return pool.pool.name; })} {}

  void run() {
    const Given& global = draft_.plain["global"];
    for (auto& [key, text] : broken_rules(draft_.config.global, global)) tell_.at_key(global.find(key), text);
    for (PoolDraft& pool : draft_.pools)
      if (pool.section != nullptr) finish(pool);
    for (ServiceDraft& service : draft_.services) finish(service);
    check_whole_addresses();
    check_probes(draft_, tell_);
    resolve_vrrp(draft_, tell_);
    resolve_heartbeats(draft_, tell_);
    resolve_sync(draft_, tell_);
    resolve_monitor(draft_, tell_);
    tell_.finish();
    draft_.config.pools.reserve(draft_.pools.size());
    draft_.config.services.reserve(draft_.services.size());
    for (PoolDraft& pool : draft_.pools) draft_.config.pools.push_back(finished(pool));
    for (ServiceDraft& service : draft_.services) draft_.config.services.push_back(std::move(service.service));
    for (VrrpDraft& vrrp : draft_.vrrps) draft_.config.vrrps.push_back(std::move(vrrp.vrrp));
    for (HeartbeatDraft& one : draft_.heartbeats) draft_.config.heartbeats.push_back(std::move(one.heartbeat));
    for (WitnessDraft& one : draft_.witnesses) draft_.config.witnesses.push_back(std::move(one.witness));
  }

 private:
  /// A key of the kernel's table, or an address that a group marks, with its owner.
  struct Owner {
    std::string name = "";
    Spot spot = {};
    bool marked = false;
  };

  static Pool finished(PoolDraft& draft) {
    draft.pool.servers.reserve(draft.servers.size());
    for (ServerDraft& server : draft.servers) draft.pool.servers.push_back(std::move(server.server));
    draft.servers.clear();
    draft.servers.shrink_to_fit();  // the next pool takes the memory
    if (draft.sorry_server) draft.pool.sorry_server = std::move(draft.sorry_server->server);
    return std::move(draft.pool);
  }

  template <class Part>
  void check_rules(const Part& draft) {
    for (auto& [key, text] : broken_rules(draft)) tell_.at(draft.given, key, draft.section, std::move(text));
  }

  template <class Map>
  std::optional<std::size_t> find(const Map& map, const Reference& reference, std::string_view what) {
    const auto found = map.find(reference.name);
    if (found != map.end()) return found->second;
    std::vector<std::string_view> known;
    for (const auto& [name, index] : map) known.push_back(name);
    tell_.at(reference.spot,
             fmt::format("no {} is called `{}'{}", what, reference.name, base::suggestion(reference.name, known)));
    return std::nullopt;
  }
  std::vector<std::size_t> find_checks(const std::vector<Reference>& references) {
    std::vector<std::size_t> list;
    for (const Reference& reference : references)
      if (const auto check = find(checks_, reference, "check")) list.push_back(*check);
    return list;
  }

  void finish(PoolDraft& draft) {
    draft.pool.checks = find_checks(draft.checks);
    for (ServerDraft& server : draft.servers)
      if (server.checks) server.server.checks = find_checks(*server.checks);
    check_rules(draft);
    std::set<ipvs::Endpoint> endpoints;
    std::set<std::string> names;
    for (const ServerDraft* server : all_servers(draft)) {
      const bool sorry = draft.sorry_server && server == &*draft.sorry_server;
      if (!endpoints.insert(server->server.endpoint).second)
        tell_.at(*server, "",
                 sorry ? "the sorry server is one of the pool's servers"
                       : fmt::format("server {} stands in this pool twice", told(server->server.endpoint)));
      else if (!sorry && !names.insert(server->server.name).second)
        tell_.at(*server, "name", fmt::format("two servers of this pool are called `{}'", server->server.name));
      if (server->sound) check(*server);
    }
    check_quorum(draft);
  }

  void check(const ServerDraft& draft) {
    const Server& server = draft.server;
    if (server.thresholds.lower > server.thresholds.upper) tell_.at(draft, "lower", "lower is greater than upper");
    if (!server.tunnel) return;
    if (server.forwarding && *server.forwarding != ipvs::Forwarding::tunnel)
      tell_.at(draft, "tunnel", "tunnel options need forward=tunnel");
    if (auto [option, text] = tunnel_fault(*server.tunnel); !text.empty()) tell_.at(draft, option, std::move(text));
  }

  /// A quorum must be within reach, unless servers tell their weight themselves or a value is faulty.
  void check_quorum(const PoolDraft& draft) {
    const Entry* const told = draft.given.find(draft.given.contains("quorum") ? "quorum" : "hysteresis");
    const auto weighs = [&](const ServerDraft& server) {
      const auto& checks = checks_of(draft.pool, server.server);
      return std::any_of(checks.begin(), checks.end(),
                         [&](std::size_t check) { return gives_weight(draft_.config.checks[check]); });
    };
    if (told == nullptr || !draft.given.sound({"quorum", "hysteresis", "server", "check"}) ||
        std::any_of(draft.servers.begin(), draft.servers.end(), weighs))
      return;
    std::uint64_t weight = 0;
    for (const ServerDraft& server : draft.servers) weight += static_cast<std::uint64_t>(server.server.weight);
    const std::uint64_t needed = std::uint64_t{draft.pool.quorum} + draft.pool.hysteresis;
    if (needed > weight)
      tell_.at(Spot{told},
               fmt::format("quorum and hysteresis need a weight of {}; all servers together have {}", needed, weight));
  }

  void finish(ServiceDraft& draft) {
    const PoolDraft* const pool = find_pool(draft);
    check_rules(draft);
    find_keys(draft);
    set_mask(draft);
    check_marks(draft);
    if (pool != nullptr && pool->section != nullptr) check_placement(draft, *pool, tell_);
  }

  const PoolDraft* find_pool(ServiceDraft& draft) {
    if (draft.pool.spot.entry != nullptr)
      if (const auto pool = find(pools_, draft.pool, "pool")) return &draft_.pools[draft.service.pool = *pool];
    draft.given.spoil("pool");
    return nullptr;
  }

  void find_keys(ServiceDraft& draft) {
    if (draft.fwmark) return own(draft, ipvs::FwmarkKey{{*draft.fwmark}, draft.family}, {draft.given.find("fwmark")});
    for (Listen& listen : draft.addresses) {
      if (listen.key.protocol == ipvs::Protocol{0}) listen.key.protocol = draft.protocol.value_or(ipvs::Protocol::tcp);
      check_protocol(draft, listen);
      own(draft, listen.key, listen.spot);
    }
    if (draft.service.together && !draft.addresses.empty()) group(draft);
  }

  void check_protocol(const ServiceDraft& draft, const Listen& listen) {
    const ipvs::Service& properties = draft.service.properties;
    const auto complain = [&](std::string_view text) {
      tell_.once(listen.spot, std::string{text}, [&] { return std::string{text}; });
    };
    if (!draft.service.together && listen.key.endpoint.port.value == 0 && !properties.persistence &&
        draft.given.sound({"persistence", "together"}))
      complain("port 0 (all ports) needs persistence");
    if (listen.key.protocol == ipvs::Protocol::udp || !draft.given.sound({"protocol"})) return;
    if (properties.flags.has(ipvs::ServiceFlag::one_packet)) complain("one_packet = yes is for UDP only");
    if (!properties.persistence_engine.empty()) complain("persistence_engine = sip is for UDP only");
  }

  /// A group is known by its mark: given, or from its name, so that every director finds the same one.
  void group(ServiceDraft& draft) {
    const Global& global = draft_.config.global;
    std::uint32_t hash = 2166136261U;  // FNV-1a
    for (const char c : draft.service.name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    const std::uint64_t span = std::uint64_t{global.marks.last} - global.marks.first + 1;
    const auto derived = static_cast<std::uint32_t>(global.marks.first + hash % span);
    std::set<ipvs::Family> families;
    for (const Listen& listen : draft.addresses) families.insert(listen.key.endpoint.address.family());
    const Entry* const told = draft.given.find(draft.given.contains("mark") ? "mark" : "together");
    if (!draft.given.sound({"mark"})) return;
    for (const ipvs::Family family : families)
      own(draft, ipvs::FwmarkKey{{draft.mark.value_or(derived)}, family}, {told});
  }

  /// Marks of probes are nobody else's.
  void check_marks(const ServiceDraft& draft) {
    const auto range = draft_.config.global.path_marks;
    for (const std::string_view key : {"fwmark", "mark"}) {
      const Entry* const given = draft.given.find(key);
      const std::uint32_t mark = (key == "mark" ? draft.mark : draft.fwmark).value_or(0);
      if (given != nullptr && mark >= range.first && mark <= range.last && draft_.plain["global"].sound({"path_marks"}))
        tell_.at(Spot{given},
                 fmt::format("marks from {} to {} are for probes: [global] path_marks", range.first, range.last));
    }
  }

  void own(ServiceDraft& draft, const ipvs::ServiceKey& key, const Spot& spot) {
    VirtualServer& service = draft.service;
    const auto* const vip = std::get_if<ipvs::VipKey>(&key);
    const bool marked = service.together && vip != nullptr;
    if (marked)
      service.marked.push_back(*vip);
    else
      service.keys.push_back(key);
    const auto [owner, fresh] = owners_.emplace(key, Owner{service.name, spot, marked});
    if (fresh) return;
    const std::string& other = owner->second.name;
    const bool mark = vip == nullptr && service.together;
    tell_.once(spot, other, [&] {
      if (other == service.name) return fmt::format("{} stands here twice", to_string(key));
      return fmt::format("{} belongs to [virtual_server {}] already{}", to_string(key), other,
                         mark ? "; give one of them another `mark'" : "");
    });
  }

  /// A group that marks all ports of an address leaves none to others.
  void check_whole_addresses() {
    for (const auto& [key, whole] : owners_) {
      const auto* const all = std::get_if<ipvs::VipKey>(&key);
      if (!whole.marked || all->endpoint.port.value != 0) continue;
      for (auto other = owners_.upper_bound(key); other != owners_.end(); ++other) {
        const auto* const one = std::get_if<ipvs::VipKey>(&other->first);
        if (one == nullptr || one->protocol != all->protocol || one->endpoint.address != all->endpoint.address) break;
        if (other->second.name == whole.name) continue;
        tell_.once(other->second.spot, whole.name, [one, all, name = whole.name] {
          return fmt::format("{} is part of [virtual_server {}] already: {}", to_string(*one), name, to_string(*all));
        });
      }
    }
  }

  void set_mask(ServiceDraft& draft) {
    auto& mask = draft.service.properties.netmask;
    if (!mask) return;
    const Spot spot{draft.given.find("persistence_mask")};
    const std::set<ipvs::Family> families = families_of(draft.service);
    if (families.size() > 1) return tell_.at(spot, "one mask for both address families: make two virtual servers");
    if (families.empty()) return;
    const auto value = mask_of(draft, *families.begin());
    if (!value)
      return tell_.at(spot, *families.begin() == ipvs::Family::ipv4 ? "an IPv4 prefix has at most 32 bits"
                                                                    : "IPv6 wants a prefix such as 64");
    mask = *value;
  }

  Draft& draft_;
  Teller tell_;
  const std::map<std::string, std::size_t> checks_;
  const std::map<std::string, std::size_t> pools_;
  std::map<ipvs::ServiceKey, Owner> owners_ = {};
};

}  // namespace

void resolve(Draft& draft, Diagnostics& faults) { Resolver{draft, faults}.run(); }

}  // namespace keepalive::config
