#include "config/placement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/rules.hpp"

namespace keepalive::config {
namespace {

class Placement {
 public:
  Placement(const ServiceDraft& draft, const PoolDraft& pool, Teller& tell)
      : draft_{draft}, servers_{all_servers(pool)}, families_{families_of(draft.service)}, tell_{tell} {
    for (const ipvs::ServiceKey& key : draft.service.keys)
      if (const auto* vip = std::get_if<ipvs::VipKey>(&key); vip != nullptr && vip->endpoint.port.value != 0)
        ports_.insert(vip->endpoint.port.value);
  }

  void check() {
    if (draft_.given.sound({"forward", "tunnel", "tunnel_port", "tunnel_checksum"})) check_tunnel();
    for (const ServerDraft* server : servers_) check(*server);
  }

 private:
  ipvs::Forwarding forwarding_of(const Server& server) const {
    return server.forwarding.value_or(draft_.service.forwarding);
  }

  void check(const ServerDraft& draft) {
    check_twice(draft);
    if (!draft.sound || (!draft.server.forwarding && !draft_.given.sound({"forward"}))) return;
    const Server& server = draft.server;
    const std::string& service = draft_.service.name;
    const bool tunnel = forwarding_of(server) == ipvs::Forwarding::tunnel;
    const std::uint16_t port = server.endpoint.port.value;
    const bool strange = std::any_of(families_.begin(), families_.end(),
                                     [&](ipvs::Family family) { return family != server.endpoint.address.family(); });
    if (strange && !tunnel)
      tell_.at(draft, "",
               fmt::format("[virtual_server {}] is of the other address family: only tunnels lead there", service));
    if (server.tunnel && !tunnel && !server.forwarding)
      tell_.at(draft, "tunnel", fmt::format("tunnel options, but [virtual_server {}] has another `forward'", service));
    const bool other_port = !ports_.empty() && ports_ != std::set{port};
    if (port != 0 && other_port && forwarding_of(server) != ipvs::Forwarding::masquerade)
      tell_.at(draft, "",
               fmt::format("[virtual_server {}] has another port: only forward = nat changes ports", service));
  }

  /// A server without a port gets the service's, and may be another one so.
  void check_twice(const ServerDraft& draft) {
    const ipvs::Endpoint& own = draft.server.endpoint;
    for (auto other = seen_.lower_bound({own.address, {}}); other != seen_.end() && other->address == own.address;
         ++other) {
      const bool same = (own.port.value == 0 && ports_.contains(other->port.value)) ||
                        (other->port.value == 0 && ports_.contains(own.port.value));
      if (!same || *other == own) continue;
      tell_.at(draft, "",
               fmt::format("server {} is the same as {} in [virtual_server {}]", told(own), told(*other),
                           draft_.service.name));
      break;
    }
    seen_.insert(own);
  }

  void check_tunnel() {
    const bool used = std::any_of(servers_.begin(), servers_.end(), [&](const ServerDraft* server) {
      return !server->sound || forwarding_of(server->server) == ipvs::Forwarding::tunnel;
    });
    bool given = false;
    for (const char* key : {"tunnel", "tunnel_port", "tunnel_checksum"}) {
      const base::ini::Entry* const entry = draft_.given.find(key);
      given = given || entry != nullptr;
      if (entry != nullptr && !used) tell_.at_key(entry, fmt::format("`{}' needs `forward = tunnel'", key));
    }
    auto [key, text] = tunnel_fault(draft_.service.tunnel);
    if (used && given && !text.empty()) tell_.at(draft_.given, key, draft_.section, std::move(text));
  }

  const ServiceDraft& draft_;
  std::vector<const ServerDraft*> servers_;
  std::set<ipvs::Family> families_;
  std::set<std::uint16_t> ports_ = {};  // that the service listens on
  std::set<ipvs::Endpoint> seen_ = {};
  Teller& tell_;
};

}  // namespace

std::vector<const ServerDraft*> all_servers(const PoolDraft& draft) {
  std::vector<const ServerDraft*> list;
  for (const ServerDraft& server : draft.servers) list.push_back(&server);
  if (draft.sorry_server) list.push_back(&*draft.sorry_server);
  return list;
}

std::set<ipvs::Family> families_of(const VirtualServer& service) {
  std::set<ipvs::Family> families;
  for (const ipvs::ServiceKey& key : service.keys) families.insert(ipvs::family(key));
  return families;
}

std::string told(const ipvs::Endpoint& endpoint) {
  return endpoint.port.value == 0 ? to_string(endpoint.address) : to_string(endpoint);
}

void check_placement(const ServiceDraft& draft, const PoolDraft& pool, Teller& tell) {
  Placement{draft, pool, tell}.check();
}

}  // namespace keepalive::config
