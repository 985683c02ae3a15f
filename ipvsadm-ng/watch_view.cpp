#include "watch_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "order.hpp"

namespace ipvsadm {
namespace {

std::uint64_t active(const ipvs::DestinationEntry& server) { return server.active_connections; }

std::uint64_t active(const Watched& watched) {
  std::uint64_t sum = 0;
  for (const ipvs::DestinationEntry& server : watched.servers) sum += server.active_connections;
  return sum;
}

std::uint64_t inactive(const Watched& watched) {
  std::uint64_t sum = 0;
  for (const ipvs::DestinationEntry& server : watched.servers) sum += server.inactive_connections;
  return sum;
}

const ipvs::Rates& rates(const Watched& watched) { return watched.service.stats.rates; }
const ipvs::Rates& rates(const ipvs::DestinationEntry& server) { return server.stats.rates; }

template <class Entry>
std::uint64_t load(const Entry& entry, WatchOrder order) {
  switch (order) {
    case WatchOrder::connections:
      return rates(entry).connections;
    case WatchOrder::packets:
      return rates(entry).in_packets + rates(entry).out_packets;
    case WatchOrder::bytes:
      return rates(entry).in_bytes + rates(entry).out_bytes;
    case WatchOrder::active:
      return active(entry);
    case WatchOrder::table:
      return 0;
  }
  return 0;
}

bool in_order(const Watched& one, const Watched& other) { return listed_before(one.service, other.service); }
bool in_order(const ipvs::DestinationEntry& one, const ipvs::DestinationEntry& other) {
  return listed_before(one, other);
}

template <class Entry>
void sort_entries(std::vector<Entry>& entries, WatchOrder order) {
  std::sort(entries.begin(), entries.end(), [order](const Entry& one, const Entry& other) {
    const std::uint64_t load_one = load(one, order);
    const std::uint64_t load_other = load(other, order);
    return load_one != load_other ? load_one > load_other : in_order(one, other);
  });
}

std::string line(std::string_view name, const ipvs::Rates& rates, std::uint64_t active, std::uint64_t inactive,
                 std::string_view weight) {
  return fmt::format("{:<44} {:>8} {:>9} {:>9} {:>11} {:>11} {:>8} {:>8} {:>6}", name, rates.connections,
                     rates.in_packets, rates.out_packets, rates.in_bytes, rates.out_bytes, active, inactive, weight);
}

std::string service_name(const ipvs::ServiceKey& key, Endpoints& names) {
  const auto* vip = std::get_if<ipvs::VipKey>(&key);
  if (!vip) return ipvs::to_string(key);
  return fmt::format("{} {}", ipvs::to_string(vip->protocol), names.text(vip->endpoint, vip->protocol));
}

}  // namespace

void sort(std::vector<Watched>& table, WatchOrder order) {
  for (Watched& watched : table) sort_entries(watched.servers, order);
  sort_entries(table, order);
}

std::string watch_titles() {
  return fmt::format("{:<44} {:>8} {:>9} {:>9} {:>11} {:>11} {:>8} {:>8} {:>6}", "Service / server", "CPS", "InPPS",
                     "OutPPS", "InBPS", "OutBPS", "Active", "InAct", "Weight");
}

std::vector<std::string> watch_lines(const std::vector<Watched>& table, Endpoints& names) {
  std::vector<std::string> lines;
  for (const Watched& watched : table) {
    const ipvs::ServiceKey& key = watched.service.service.key;
    lines.push_back(line(service_name(key, names), rates(watched), active(watched), inactive(watched), ""));
    for (const ipvs::DestinationEntry& server : watched.servers)
      lines.push_back(line(fmt::format("  -> {}", names.text(server.destination.endpoint, port_protocol(key))),
                           rates(server), active(server), server.inactive_connections,
                           fmt::format("{}", server.destination.weight)));
  }
  return lines;
}

}  // namespace ipvsadm
