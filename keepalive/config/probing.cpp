#include "config/probing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "config/lent.hpp"
#include "config/placement.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"

namespace keepalive::config {
namespace {

bool within(const MarkRange& range, std::uint32_t mark) { return mark >= range.first && mark <= range.last; }

class Probing {
 public:
  Probing(Draft& draft, Teller& tell) : draft_{draft}, tell_{tell} {}

  void check() {
    for (std::size_t i = 0; i < draft_.checks.size(); ++i) check_mark(draft_.config.checks[i], draft_.checks[i]);
    std::set<std::pair<std::size_t, Lent>> served;
    for (const ServiceDraft& service : draft_.services) {
      const bool known = !service.pool.name.empty() && service.given.sound({"pool", "address", "fwmark"});
      if (!known) continue;
      const std::size_t number = service.service.pool;
      if (!served.emplace(number, lent_by(service.service, has_paths(number))).second) continue;
      const PoolDraft& pool = draft_.pools[number];
      for (const ServerDraft& server : pool.servers)
        for (const std::size_t check : checks_of(pool.pool, server.server)) look(service, pool, server, check);
    }
    check_room();
  }

 private:
  bool has_paths(std::size_t number) {
    const auto [place, fresh] = paths_of_.try_emplace(number, false);
    if (!fresh) return place->second;
    const PoolDraft& pool = draft_.pools[number];
    return place->second = std::any_of(pool.servers.begin(), pool.servers.end(), [&](const ServerDraft& server) {
             return through_path(checks_of(pool.pool, server.server), draft_.config.checks);
           });
  }

  /// A check's own mark would send its probes where packets of a group, or other probes, go.
  void check_mark(const Check& check, const CheckDraft& draft) {
    const Global& global = draft_.config.global;
    for (const auto& [range, key, of] : {std::tuple{global.path_marks, "path_marks", "probes through the path"},
                                         std::tuple{global.marks, "marks", "groups"}})
      if (check.mark.value != 0 && within(range, check.mark.value) && draft_.plain["global"].sound({key}))
        tell_.at(Spot{draft.given.find("mark")},
                 fmt::format("marks from {} to {} are for {}: [global] {}", range.first, range.last, of, key));
  }

  /// Where the check of this server is asked for: its own `check=`, or the pool's.
  Spot spot_of(const PoolDraft& pool, const ServerDraft& server, const Check& check) const {
    for (const Reference& reference : server.checks ? *server.checks : pool.checks)
      if (reference.name == check.name) return reference.spot;
    return {server.entry};
  }

  void look(const ServiceDraft& service, const PoolDraft& pool, const ServerDraft& server, std::size_t number) {
    const Check& check = draft_.config.checks[number];
    if (!draft_.checks[number].sound || !draft_.checks[number].given.sound() || !server.sound) return;
    if (!applies(*find_key("check", "source"), name(check.type))) return;  // it connects to nothing
    const ipvs::VipKey* const vip = vip_of(service.service);
    const bool path = check.via == Via::path;
    const Spot spot = spot_of(pool, server, check);
    if (path && vip == nullptr)
      return tell_.once(spot, "path", [&] {
        return fmt::format("[check {}] with via = path needs `address' in [virtual_server {}], which uses this pool",
                           check.name, service.service.name);
      });
    const ipvs::Endpoint& own = server.server.endpoint;
    const std::uint16_t lent = vip == nullptr ? std::uint16_t{0} : vip->endpoint.port.value;
    const std::uint16_t given = !path && own.port.value != 0 ? own.port.value : lent;
    const bool port = given != 0 || check.connect_port || (!path && server.server.check_port);
    if (!port && applies(*find_key("check", "port"), name(check.type)))
      tell_.once(spot, "port", [&] {
        return fmt::format("[check {}] needs `port': neither server {} nor [virtual_server {}] has one", check.name,
                           told(own), service.service.name);
      });
    const ipvs::Address target =
        path ? vip->endpoint.address
             : server.server.check_address.value_or(check.connect_address.value_or(own.address));
    if (check.source && check.source->family() != target.family())
      tell_.at(
          server, server.server.check_address ? "check_address" : "",
          fmt::format("[check {}] has a `source' of another address family than {}", check.name, to_string(target)));
    if (path)
      paths_.emplace(number, own, ipvs::Endpoint{target, check.connect_port.value_or(ipvs::Port{lent})},
                     lent_host(check, service.service));
  }

  void check_room() {
    const MarkRange range = draft_.config.global.path_marks;
    const Given& global = draft_.plain["global"];
    const std::uint64_t room = std::uint64_t{range.last} - range.first + 1;
    if (paths_.size() <= room || !global.sound({"path_marks"})) return;
    const std::string text =
        fmt::format("path_marks has room for {} probes, {} are needed", grouped(room), grouped(paths_.size()));
    if (global.contains("path_marks")) return tell_.at(Spot{global.find("path_marks")}, text);
    for (std::size_t i = 0; i < draft_.checks.size(); ++i)
      if (std::get<0>(*paths_.begin()) == i) tell_.at_key(draft_.checks[i].given.find("via"), text);
  }

  Draft& draft_;
  Teller& tell_;
  std::map<std::size_t, bool> paths_of_ = {};                                                  // pools
  std::set<std::tuple<std::size_t, ipvs::Endpoint, ipvs::Endpoint, std::string>> paths_ = {};  // as core counts them
};

}  // namespace

void check_probes(Draft& draft, Teller& tell) { Probing{draft, tell}.check(); }

}  // namespace keepalive::config
