#include "core/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/words.hpp"

namespace keepalive::core {
namespace {

void add(ipvs::Stats& sum, const ipvs::Stats& more) {
  const auto both = [](auto& to, const auto& from) {
    to.connections += from.connections;
    to.in_packets += from.in_packets;
    to.out_packets += from.out_packets;
    to.in_bytes += from.in_bytes;
    to.out_bytes += from.out_bytes;
  };
  both(sum.counters, more.counters);
  both(sum.rates, more.rates);
}

}  // namespace

Users users(const Config& config) {
  Users all(config.pools.size());
  for (const VirtualServer& service : config.services) all[service.pool].push_back(&service);
  return all;
}

Counts connections(const Server& server, const std::vector<const VirtualServer*>& services, const CountTable& counts) {
  Counts sum;
  for (const VirtualServer* service : services)
    for (const ipvs::ServiceKey& key : service->keys) {
      const auto found = counts.find(key);
      if (found == counts.end()) continue;
      const auto one = found->second.servers.find(placed(key, server));
      if (one == found->second.servers.end()) continue;
      sum.active += one->second.active;
      sum.inactive += one->second.inactive;
      add(sum.stats, one->second.stats);
    }
  return sum;
}

Counts connections(const ipvs::ServiceKey& key, const CountTable& counts) {
  Counts sum;
  const auto found = counts.find(key);
  if (found == counts.end()) return sum;
  sum.stats = found->second.stats;
  for (const auto& [endpoint, one] : found->second.servers) {
    sum.active += one.active;
    sum.inactive += one.inactive;
  }
  return sum;
}

Counts connections(const VirtualServer& service, const CountTable& counts) {
  Counts sum;
  for (const ipvs::ServiceKey& key : service.keys) {
    const Counts more = connections(key, counts);
    sum.active += more.active;
    sum.inactive += more.inactive;
    add(sum.stats, more.stats);
  }
  return sum;
}

std::vector<ipvs::ServiceKey> keys_of(const Config& config) {
  std::vector<ipvs::ServiceKey> keys;
  for (const VirtualServer& service : config.services)
    keys.insert(keys.end(), service.keys.begin(), service.keys.end());
  return keys;
}

std::vector<ipvs::ServiceKey> keys_of(const Config& config, std::string_view pool) {
  std::vector<ipvs::ServiceKey> keys;
  for (const VirtualServer& service : config.services)
    if (config.pools[service.pool].name == pool) keys.insert(keys.end(), service.keys.begin(), service.keys.end());
  return keys;
}

std::vector<Counted> counted(const Config& config, const Count& order, const CountTable& counts) {
  std::vector<Counted> list;
  for (const ipvs::ServiceKey& key : keys_of(config, order.pool))
    if (!counts.contains(key)) return list;
  const Users services = users(config);
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    if (config.pools[p].name != order.pool) continue;
    for (const Server& server : config.pools[p].servers) {
      if (std::find(order.servers.begin(), order.servers.end(), server.name) == order.servers.end()) continue;
      const Counts sum = connections(server, services[p], counts);
      list.push_back({.pool = order.pool, .server = server.name, .active = sum.active, .inactive = sum.inactive});
    }
  }
  return list;
}

std::string_view word(vrrp::Track::Kind kind) { return to_string(kind); }

std::string_view word(vrrp::Failback::Kind kind) {
  constexpr std::array<std::string_view, 4> words{"immediate", "never", "delayed", "when-synced"};
  return words.at(static_cast<std::size_t>(kind));
}

std::string_view word(SyncReport::Resync resync) {
  constexpr std::array<std::string_view, 4> words{"none", "running", "done", "failed"};
  return words.at(static_cast<std::size_t>(resync));
}

std::string_view word(vrrp::Condition condition) {
  constexpr std::array<std::string_view, 3> words{"unknown", "down", "up"};
  return words.at(static_cast<std::size_t>(condition));
}

std::string_view word(const vrrp::Status* status) {
  return status == nullptr ? "unknown" : vrrp::to_string(status->state);
}

std::string_view tracked_word(const Engine& engine, const vrrp::Instance& router, std::size_t number) {
  if (const auto pool = pool_of(engine.config(), router.track[number]))
    return engine.config().pools[*pool].tracked ? word(engine.pools().server(*pool, 0).state)
                                                : word(engine.pools().view(*pool));
  const vrrp::Status* const status = engine.routers().find(router.name);
  const bool told = status != nullptr && number < status->tracked.size();
  return word(told ? status->tracked[number] : vrrp::Condition::unknown);
}

std::string_view word(const PoolView& view) {
  if (view.panic) return "panic";
  if (view.quorum) return "up";
  return view.sorry ? "sorry" : "down";
}

std::string_view word(ipvs::Forwarding forwarding) {
  for (const auto& row : config::forwards)
    if (row.value == forwarding) return row.word;
  return "unknown";
}

std::string_view word(Overlay::Kind kind) {
  switch (kind) {
    case Overlay::Kind::drain:
      return "drain";
    case Overlay::Kind::disable:
      return "disable";
    case Overlay::Kind::weight:
      break;
  }
  return "weight";
}

// By hand: a status has three for each server.
std::string timestamp(Time time) {
  using namespace std::chrono;
  const sys_time<microseconds> at{time};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss clock{at - day};
  std::string text = "0000-00-00T00:00:00.000000Z";
  const auto put = [&](std::size_t last, std::int64_t value) {
    for (; value != 0; value /= 10) text[last--] = static_cast<char>('0' + value % 10);
  };
  put(3, static_cast<int>(date.year()));
  put(6, static_cast<unsigned>(date.month()));
  put(9, static_cast<unsigned>(date.day()));
  put(12, clock.hours().count());
  put(15, clock.minutes().count());
  put(18, clock.seconds().count());
  put(25, clock.subseconds().count());
  return text;
}

std::string duration(Time time) {
  struct Unit {
    std::int64_t from;  // seconds
    std::int64_t size;
    std::string_view name;
  };
  constexpr std::array<Unit, 4> units{{{172'800, 86'400, "days"}, {7'200, 3'600, "h"}, {120, 60, "min"}, {1, 1, "s"}}};
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  for (const Unit& unit : units)
    if (seconds >= unit.from) return fmt::format("{} {}", seconds / unit.size, unit.name);
  return fmt::format("{} ms", std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

}  // namespace keepalive::core
