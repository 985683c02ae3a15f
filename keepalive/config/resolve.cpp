#include "config/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace keepalive::config {
namespace {

using base::ini::Entry;
using base::ini::Section;

class Resolver {
 public:
  Resolver(Draft& draft, Diagnostics& faults) : draft_{draft}, faults_{faults} {}

  void run() {
    for (std::size_t i = 0; i < draft_.config.checks.size(); ++i) checks_.emplace(draft_.config.checks[i].name, i);
    for (std::size_t i = 0; i < draft_.pools.size(); ++i) pools_.emplace(draft_.pools[i].pool.name, i);
    for (PoolDraft& pool : draft_.pools) finish(pool);
    for (ServiceDraft& service : draft_.services) finish(service);
    if (draft_.config.global.mail.server.empty() != draft_.config.global.mail.to.empty())
      faults_.push_back({{}, "[global]: mail_server and mail_to go together", ""});
  }

 private:
  void fault(const Section* section, std::string text) {
    faults_.push_back({section->at, std::move(text), section->source});
  }
  void fault(const Entry* entry, std::string text) {
    faults_.push_back({entry->value_at, std::move(text), entry->source});
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
    if (pool.require.needed > draft.checks.size())
      fault(draft.section,
            fmt::format("require = {} of, but the pool has {} checks", pool.require.needed, draft.checks.size()));
    std::set<ipvs::Endpoint> endpoints;
    std::set<std::string> names;
    std::uint64_t weight = 0;
    for (std::size_t i = 0; i < pool.servers.size(); ++i) {
      const Server& server = pool.servers[i];
      weight += static_cast<std::uint64_t>(server.weight);
      if (!endpoints.insert(server.endpoint).second)
        fault(draft.servers[i], fmt::format("server {} stands in this pool twice", to_string(server.endpoint)));
      else if (!names.insert(server.name).second)
        fault(draft.servers[i], fmt::format("two servers of this pool are called `{}'", server.name));
      check(server, draft.servers[i]);
    }
    if (pool.sorry_server) {
      check(*pool.sorry_server, draft.sorry);
      if (endpoints.contains(pool.sorry_server->endpoint))
        fault(draft.sorry, "the sorry server is one of the pool's servers");
    }
    if (draft.quorum != nullptr && std::uint64_t{pool.quorum} + pool.hysteresis > weight)
      fault(draft.quorum, fmt::format("quorum and hysteresis need a weight of {}; all servers together have {}",
                                      std::uint64_t{pool.quorum} + pool.hysteresis, weight));
    draft_.config.pools.push_back(pool);
  }

  void check(const Server& server, const Entry* entry) {
    if (server.thresholds.lower > server.thresholds.upper) fault(entry, "lower is greater than upper");
    if (server.tunnel && server.forwarding && *server.forwarding != ipvs::Forwarding::tunnel)
      fault(entry, "tunnel options need forward=tunnel");
    if (server.tunnel && server.tunnel->type == ipvs::TunnelType::gue && server.tunnel->port.value == 0)
      fault(entry, "tunnel=gue needs tunnel_port");
  }

  void finish(ServiceDraft& draft) {
    if (draft.pool.entry == nullptr) fault(draft.section, "a virtual server needs `pool'");
    const auto pool = draft.pool.entry == nullptr ? std::nullopt : find(pools_, draft.pool, "pool");
    if (pool) draft.service.pool = *pool;
    check_options(draft);
    find_keys(draft);
    if (pool) check_families(draft, draft_.pools[draft.service.pool]);
    draft_.config.services.push_back(draft.service);
  }

  void check_options(const ServiceDraft& draft) {
    const VirtualServer& service = draft.service;
    if (draft.tunnel_options && service.forwarding != ipvs::Forwarding::tunnel)
      fault(draft.section, "tunnel options need forward = tunnel");
    if (service.tunnel.type == ipvs::TunnelType::gue && service.tunnel.port.value == 0)
      fault(draft.section, "tunnel = gue needs tunnel_port");
    if (service.properties.scheduler.size() > 15) fault(draft.section, "a scheduler's name has at most 15 letters");
    if (service.properties.netmask && !service.properties.persistence)
      fault(draft.section, "persistence_mask needs persistence");
    const bool sticks = service.properties.persistence || service.properties.scheduler == "sh";
    if (service.together && !sticks)
      fault(draft.section, "together = yes needs persistence or scheduler = sh: how else could a client stay");
  }

  void find_keys(ServiceDraft& draft) {
    if (draft.fwmark && !draft.addresses.empty())
      fault(draft.section, "a virtual server has `address' or `fwmark', not both");
    if (!draft.fwmark && draft.addresses.empty()) fault(draft.section, "a virtual server needs `address' or `fwmark'");
    if (draft.fwmark) return own(draft, ipvs::FwmarkKey{{*draft.fwmark}, draft.family}, nullptr);
    for (Listen& listen : draft.addresses) {
      if (listen.key.protocol == ipvs::Protocol{0}) listen.key.protocol = draft.protocol.value_or(ipvs::Protocol::tcp);
      if (draft.service.together) {
        draft.service.marked.push_back(listen.key);
        continue;
      }
      const bool any_port = listen.key.endpoint.port.value == 0;
      if (any_port && !draft.service.properties.persistence)
        fault(listen.entry, "port 0 (all ports) needs persistence");
      if (draft.service.properties.flags.has(ipvs::ServiceFlag::one_packet) &&
          listen.key.protocol != ipvs::Protocol::udp)
        fault(listen.entry, "one_packet = yes is for UDP only");
      own(draft, listen.key, listen.entry);
    }
    if (draft.service.together) group(draft);
  }

  /// A group is known by its mark: given, or from its name, so that every director finds the same one.
  void group(ServiceDraft& draft) {
    const Global& global = draft_.config.global;
    std::uint32_t hash = 2166136261U;  // FNV-1a
    for (const char c : draft.service.name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    const std::uint64_t span = std::uint64_t{global.last_mark} - global.first_mark + 1;
    const auto derived = static_cast<std::uint32_t>(global.first_mark + hash % span);
    std::set<ipvs::Family> families;
    for (const Listen& listen : draft.addresses) families.insert(listen.key.endpoint.address.family());
    for (const ipvs::Family family : families)
      own(draft, ipvs::FwmarkKey{{draft.mark.value_or(derived)}, family}, nullptr);
  }

  void own(ServiceDraft& draft, const ipvs::ServiceKey& key, const Entry* entry) {
    draft.service.keys.push_back(key);
    const auto [owner, fresh] = owners_.emplace(key, draft.service.name);
    if (fresh) return;
    const std::string text =
        owner->second == draft.service.name
            ? fmt::format("{} stands here twice", to_string(key))
            : fmt::format("{} belongs to [virtual_server {}] already", to_string(key), owner->second);
    if (entry != nullptr)
      fault(entry, text);
    else
      fault(draft.section, text + (draft.service.together ? "; give one of them another `mark'" : ""));
  }

  void check_families(const ServiceDraft& draft, const PoolDraft& pool) {
    std::set<ipvs::Family> families;
    for (const ipvs::ServiceKey& key : draft.service.keys) families.insert(ipvs::family(key));
    for (std::size_t i = 0; i < pool.pool.servers.size(); ++i) {
      const Server& server = pool.pool.servers[i];
      const bool tunnel = server.forwarding.value_or(draft.service.forwarding) == ipvs::Forwarding::tunnel;
      for (const ipvs::Family family : families)
        if (family != server.endpoint.address.family() && !tunnel)
          return fault(pool.servers[i],
                       fmt::format("[virtual_server {}] is of the other address family: only tunnels lead there",
                                   draft.service.name));
    }
  }

  Draft& draft_;
  Diagnostics& faults_;
  std::map<std::string, std::size_t> checks_ = {};
  std::map<std::string, std::size_t> pools_ = {};
  std::map<ipvs::ServiceKey, std::string> owners_ = {};
};

}  // namespace

void resolve(Draft& draft, Diagnostics& faults) { Resolver{draft, faults}.run(); }

}  // namespace keepalive::config
