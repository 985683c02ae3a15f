#include "config/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "config/rules.hpp"

namespace keepalive::config {
namespace {

using base::ini::Entry;
using base::ini::Section;

bool gives_weight(const Check& check) { return check.dynamic_weight || check.type == CheckType::file; }

ipvs::Forwarding forwarding_of(const Server& server, const ServiceDraft& draft) {
  return server.forwarding.value_or(draft.service.forwarding);
}

/// A pool's servers with their entries; the sorry server last.
std::vector<std::pair<const Server*, const Entry*>> all_servers(const PoolDraft& draft) {
  std::vector<std::pair<const Server*, const Entry*>> list;
  for (std::size_t i = 0; i < draft.pool.servers.size(); ++i)
    list.emplace_back(&draft.pool.servers[i], draft.servers[i]);
  if (draft.pool.sorry_server) list.emplace_back(&*draft.pool.sorry_server, draft.given.at("sorry_server"));
  return list;
}

/// A mask in the kernel's form, from what the file says; nothing: not of this family.
std::optional<ipvs::Netmask> mask_of(const ServiceDraft& draft, ipvs::Family family) {
  const std::uint32_t value = draft.service.properties.netmask->value;
  if (family == ipvs::Family::ipv6) return draft.mask_is_prefix ? std::optional{ipvs::Netmask{value}} : std::nullopt;
  if (!draft.mask_is_prefix) return ipvs::Netmask{value};
  if (value > 32) return std::nullopt;
  return ipvs::Netmask{0xffffffffU << (32 - value)};
}

class Resolver {
 public:
  Resolver(Draft& draft, Diagnostics& faults) : draft_{draft}, faults_{faults} {}

  void run() {
    for (std::size_t i = 0; i < draft_.config.checks.size(); ++i) checks_.emplace(draft_.config.checks[i].name, i);
    for (std::size_t i = 0; i < draft_.pools.size(); ++i) pools_.emplace(draft_.pools[i].pool.name, i);
    const Given& global = draft_.plain["global"];
    for (auto& [key, text] : broken_rules(draft_.config.global, global)) fault_at_key(global.find(key)->second, text);
    for (PoolDraft& pool : draft_.pools) finish(pool);
    for (ServiceDraft& service : draft_.services) finish(service);
    for (PoolDraft& pool : draft_.pools) draft_.config.pools.push_back(std::move(pool.pool));
    for (ServiceDraft& service : draft_.services) draft_.config.services.push_back(std::move(service.service));
    check_whole_addresses();
  }

 private:
  /// A key of the kernel's table, or an address that a group marks, with its owner.
  struct Owner {
    std::string name = "";
    const Entry* entry = nullptr;
    bool marked = false;
  };

  void fault(const Section* section, std::string text) {
    faults_.push_back({section->at, std::move(text), std::string{section->source}});
  }
  void fault(const Entry* entry, std::string text) {
    faults_.push_back({entry->value_at, std::move(text), std::string{entry->source}});
  }
  void fault_at_key(const Entry* entry, std::string text) {
    faults_.push_back({entry->key_at, std::move(text), std::string{entry->source}});
  }
  template <class Part>
  void check_rules(const Part& draft) {
    for (auto& [key, text] : broken_rules(draft)) {
      const auto found = draft.given.find(key);
      if (found == draft.given.end())
        fault(draft.section, std::move(text));
      else
        fault_at_key(found->second, std::move(text));
    }
  }

  template <class Map>
  std::optional<std::size_t> find(const Map& map, const Reference& reference, std::string_view what) {
    const auto found = map.find(reference.name);
    if (found != map.end()) return found->second;
    std::vector<std::string_view> known;
    for (const auto& [name, index] : map) known.push_back(name);
    fault(reference.entry,
          fmt::format("no {} is called `{}'{}", what, reference.name, base::suggestion(reference.name, known)));
    return std::nullopt;
  }

  void finish(PoolDraft& draft) {
    Pool& pool = draft.pool;
    for (const Reference& check : draft.checks)
      if (const auto index = find(checks_, check, "check")) pool.checks.push_back(*index);
    check_rules(draft);
    std::set<ipvs::Endpoint> endpoints;
    std::set<std::string> names;
    for (const auto& [server, entry] : all_servers(draft)) {
      const bool sorry = server == (pool.sorry_server ? &*pool.sorry_server : nullptr);
      if (!endpoints.insert(server->endpoint).second)
        fault(entry, sorry ? "the sorry server is one of the pool's servers"
                           : fmt::format("server {} stands in this pool twice", to_string(server->endpoint)));
      else if (!sorry && !names.insert(server->name).second)
        fault(entry, fmt::format("two servers of this pool are called `{}'", server->name));
      check(*server, entry);
    }
    check_quorum(draft);
  }

  void check(const Server& server, const Entry* entry) {
    if (server.thresholds.lower > server.thresholds.upper) fault(entry, "lower is greater than upper");
    if (!server.tunnel) return;
    if (server.forwarding && *server.forwarding != ipvs::Forwarding::tunnel)
      fault(entry, "tunnel options need forward=tunnel");
    if (std::string text = tunnel_fault(*server.tunnel); !text.empty()) fault(entry, std::move(text));
  }

  /// A quorum must be within reach, unless servers tell their weight themselves or a line is faulty.
  void check_quorum(const PoolDraft& draft) {
    const auto told = draft.given.find(draft.given.contains("quorum") ? "quorum" : "hysteresis");
    const auto lines = std::count_if(draft.section->entries.begin(), draft.section->entries.end(),
                                     [](const Entry& entry) { return entry.key == "server"; });
    const bool dynamic = std::any_of(draft.pool.checks.begin(), draft.pool.checks.end(),
                                     [&](std::size_t check) { return gives_weight(draft_.config.checks[check]); });
    if (told == draft.given.end() || dynamic || static_cast<std::size_t>(lines) != draft.pool.servers.size()) return;
    std::uint64_t weight = 0;
    for (const Server& server : draft.pool.servers) weight += static_cast<std::uint64_t>(server.weight);
    const std::uint64_t needed = std::uint64_t{draft.pool.quorum} + draft.pool.hysteresis;
    if (needed > weight)
      fault(told->second,
            fmt::format("quorum and hysteresis need a weight of {}; all servers together have {}", needed, weight));
  }

  void finish(ServiceDraft& draft) {
    const auto pool = draft.pool.entry == nullptr ? std::nullopt : find(pools_, draft.pool, "pool");
    if (pool) draft.service.pool = *pool;
    check_rules(draft);
    find_keys(draft);
    set_mask(draft);
    if (!pool) return;
    check_servers(draft, draft_.pools[draft.service.pool]);
    check_paths(draft, draft_.pools[draft.service.pool].pool);
  }

  void find_keys(ServiceDraft& draft) {
    if (draft.fwmark) return own(draft, ipvs::FwmarkKey{{*draft.fwmark}, draft.family}, draft.given.at("fwmark"));
    for (Listen& listen : draft.addresses) {
      if (listen.key.protocol == ipvs::Protocol{0}) listen.key.protocol = draft.protocol.value_or(ipvs::Protocol::tcp);
      check_protocol(draft, listen);
      own(draft, listen.key, listen.entry);
    }
    if (draft.service.together) group(draft);
  }

  void check_protocol(const ServiceDraft& draft, const Listen& listen) {
    const ipvs::Service& properties = draft.service.properties;
    if (!draft.service.together && listen.key.endpoint.port.value == 0 && !properties.persistence)
      fault(listen.entry, "port 0 (all ports) needs persistence");
    if (listen.key.protocol == ipvs::Protocol::udp) return;
    if (properties.flags.has(ipvs::ServiceFlag::one_packet)) fault(listen.entry, "one_packet = yes is for UDP only");
    if (!properties.persistence_engine.empty()) fault(listen.entry, "persistence_engine = sip is for UDP only");
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
    const auto told = draft.given.find(draft.given.contains("mark") ? "mark" : "together");
    for (const ipvs::Family family : families)
      own(draft, ipvs::FwmarkKey{{draft.mark.value_or(derived)}, family}, told->second);
  }

  /// A probe through the path goes to an address of the service; marks of such probes are nobody else's.
  void check_paths(const ServiceDraft& draft, const Pool& pool) {
    const auto range = draft_.config.global.path_marks;
    for (const std::string_view key : {"fwmark", "mark"}) {
      const auto given = draft.given.find(key);
      if (given == draft.given.end()) continue;
      const std::uint32_t mark = (key == "mark" ? draft.mark : draft.fwmark).value_or(0);
      if (mark >= range.first && mark <= range.last)
        fault(given->second,
              fmt::format("marks from {} to {} are for probes: [global] path_marks", range.first, range.last));
    }
    if (!draft.addresses.empty()) return;
    for (const std::size_t check : pool.checks)
      if (draft_.config.checks[check].via == Via::path)
        fault(draft.section, fmt::format("[check {}] with via = path needs a virtual server with `address'",
                                         draft_.config.checks[check].name));
  }

  void own(ServiceDraft& draft, const ipvs::ServiceKey& key, const Entry* entry) {
    VirtualServer& service = draft.service;
    const auto* const vip = std::get_if<ipvs::VipKey>(&key);
    const bool marked = service.together && vip != nullptr;
    if (marked)
      service.marked.push_back(*vip);
    else
      service.keys.push_back(key);
    const auto [owner, fresh] = owners_.emplace(key, Owner{service.name, entry, marked});
    if (fresh) return;
    const bool twice = owner->second.name == service.name;
    fault(entry, twice ? fmt::format("{} stands here twice", to_string(key))
                       : fmt::format("{} belongs to [virtual_server {}] already{}", to_string(key), owner->second.name,
                                     vip == nullptr && service.together ? "; give one of them another `mark'" : ""));
  }

  /// A group that marks all ports of an address leaves none to others.
  void check_whole_addresses() {
    for (const auto& [key, whole] : owners_) {
      const auto* const all = std::get_if<ipvs::VipKey>(&key);
      if (!whole.marked || all->endpoint.port.value != 0) continue;
      for (auto other = owners_.upper_bound(key); other != owners_.end(); ++other) {
        const auto* const one = std::get_if<ipvs::VipKey>(&other->first);
        if (one == nullptr || one->protocol != all->protocol || one->endpoint.address != all->endpoint.address) break;
        if (other->second.name != whole.name)
          fault(other->second.entry, fmt::format("{} is part of [virtual_server {}] already: {}", to_string(*one),
                                                 whole.name, to_string(*all)));
      }
    }
  }

  void set_mask(ServiceDraft& draft) {
    auto& mask = draft.service.properties.netmask;
    if (!mask) return;
    const Entry* const entry = draft.given.at("persistence_mask");
    const std::set<ipvs::Family> families = families_of(draft);
    if (families.size() > 1) return fault(entry, "one mask for both address families: make two virtual servers");
    if (families.empty()) return;
    const auto value = mask_of(draft, *families.begin());
    if (!value)
      return fault(entry, *families.begin() == ipvs::Family::ipv4 ? "an IPv4 prefix has at most 32 bits"
                                                                  : "IPv6 wants a prefix such as 64");
    mask = *value;
  }

  static std::set<ipvs::Family> families_of(const ServiceDraft& draft) {
    std::set<ipvs::Family> families;
    for (const ipvs::ServiceKey& key : draft.service.keys) families.insert(ipvs::family(key));
    return families;
  }

  void check_servers(const ServiceDraft& draft, const PoolDraft& pool) {
    const auto servers = all_servers(pool);
    check_tunnel(draft, servers);
    const std::set<ipvs::Family> families = families_of(draft);
    std::set<std::uint16_t> ports;
    for (const ipvs::ServiceKey& key : draft.service.keys)
      if (const auto* vip = std::get_if<ipvs::VipKey>(&key); vip != nullptr && vip->endpoint.port.value != 0)
        ports.insert(vip->endpoint.port.value);
    for (const auto& [server, entry] : servers) {
      const ipvs::Forwarding forwarding = forwarding_of(*server, draft);
      const bool tunnel = forwarding == ipvs::Forwarding::tunnel;
      const std::uint16_t port = server->endpoint.port.value;
      const ipvs::Family own = server->endpoint.address.family();
      const bool strange =
          !tunnel && std::any_of(families.begin(), families.end(), [&](ipvs::Family family) { return family != own; });
      if (strange)
        return fault(entry, fmt::format("[virtual_server {}] is of the other address family: only tunnels lead there",
                                        draft.service.name));
      if (server->tunnel && !tunnel)
        return fault(entry,
                     fmt::format("tunnel options, but [virtual_server {}] has another `forward'", draft.service.name));
      if (port != 0 && forwarding != ipvs::Forwarding::masquerade && !ports.empty() && ports != std::set{port})
        return fault(entry, fmt::format("[virtual_server {}] has another port: only forward = nat changes ports",
                                        draft.service.name));
    }
  }

  void check_tunnel(const ServiceDraft& draft, const std::vector<std::pair<const Server*, const Entry*>>& servers) {
    const bool used = std::any_of(servers.begin(), servers.end(), [&](const auto& one) {
      return forwarding_of(*one.first, draft) == ipvs::Forwarding::tunnel;
    });
    for (const char* key : {"tunnel", "tunnel_port", "tunnel_checksum"}) {
      const auto entry = draft.given.find(key);
      if (entry == draft.given.end()) continue;
      if (!used) return fault_at_key(entry->second, fmt::format("`{}' needs `forward = tunnel'", key));
      if (std::string text = tunnel_fault(draft.service.tunnel); !text.empty())
        return fault_at_key(entry->second, std::move(text));
    }
  }

  Draft& draft_;
  Diagnostics& faults_;
  std::map<std::string, std::size_t> checks_ = {};
  std::map<std::string, std::size_t> pools_ = {};
  std::map<ipvs::ServiceKey, Owner> owners_ = {};
};

}  // namespace

void resolve(Draft& draft, Diagnostics& faults) { Resolver{draft, faults}.run(); }

}  // namespace keepalive::config
