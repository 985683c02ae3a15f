#include "core/saved.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <optional>
#include <vector>

#include "base/text.hpp"

namespace keepalive::core::saved {
namespace {

constexpr auto states = std::to_array<std::string_view>({"unknown", "up", "down"});
constexpr auto kinds = std::to_array<std::string_view>({"drain", "disable", "weight"});

template <class Table>
std::optional<std::size_t> find(const Table& table, std::string_view word) {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i] == word) return i;
  return std::nullopt;
}

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> list;
  while (!line.empty()) {
    const std::size_t gap = std::min(line.find(' '), line.size());
    list.push_back(line.substr(0, gap));
    line.remove_prefix(std::min(gap + 1, line.size()));
  }
  return list;
}

std::string print(const Overlay& overlay, Time boot) {
  return fmt::format("{} {} {}{}", kinds[static_cast<std::size_t>(overlay.kind)], overlay.weight,
                     overlay.deadline ? (*overlay.deadline + boot).count() : 0, overlay.gone ? " gone" : "");
}

std::optional<Overlay> read_overlay(const std::vector<std::string_view>& line, Time boot) {
  const auto kind = find(kinds, line[2]);
  const auto weight = line.size() < 5 ? std::nullopt : base::read_number<std::int64_t>(line[3]);
  const auto deadline = line.size() < 5 ? std::nullopt : base::read_number<std::int64_t>(line[4]);
  if (!kind || !weight || *weight < 0 || *weight > 0x7fffffff || !deadline) return std::nullopt;
  return Overlay{.kind = static_cast<Overlay::Kind>(*kind),
                 .weight = static_cast<std::int32_t>(*weight),
                 .deadline = *deadline == 0 ? std::nullopt : std::optional{Time{*deadline} - boot},
                 .gone = line.size() == 6 && line[5] == "gone"};
}

/// "TCP 10.0.0.100:80", "FWM 7", "FWM 7 IPv6", as to_string() prints a key.
std::optional<ipvs::ServiceKey> read_key(const std::vector<std::string_view>& line) {
  if (line.size() < 3) return std::nullopt;
  if (line[1] == "FWM") {
    const auto mark = base::read_number<std::int64_t>(line[2]);
    if (!mark || *mark <= 0 || *mark > 0xffffffff) return std::nullopt;
    return ipvs::FwmarkKey{{static_cast<std::uint32_t>(*mark)},
                           line.size() == 4 && line[3] == "IPv6" ? ipvs::Family::ipv6 : ipvs::Family::ipv4};
  }
  for (const ipvs::Protocol protocol : {ipvs::Protocol::tcp, ipvs::Protocol::udp, ipvs::Protocol::sctp})
    if (to_string(protocol) == line[1])
      if (const auto endpoint = ipvs::Endpoint::parse(line[2])) return ipvs::VipKey{protocol, *endpoint};
  return std::nullopt;
}

void take(Restored& all, const std::vector<std::string_view>& line, Time boot) {
  if (line.size() < 3) return;
  if (line[0] == "owned") {
    if (const auto key = read_key(line)) all.owned.insert(*key);
  } else if (line[0] == "state") {
    if (const auto state = find(states, line[2])) all.states[std::string{line[1]}] = static_cast<State>(*state);
  } else if (line[0] == "weight") {
    const auto weight = base::read_number<std::int64_t>(line[2]);
    if (weight && *weight >= 0 && *weight <= 0x7fffffff)
      all.weights[std::string{line[1]}] = static_cast<std::int32_t>(*weight);
  } else if (line[0] == "daemons") {
    all.daemons = line[2] == "owned";
  } else if (line[0] == "quiescent") {
    all.quiescent.erase(std::string{line[1]});
    if (line[2] == "yes") all.quiescent.emplace(line[1]);
  } else if (line[0] == "overlay") {
    all.overlays.erase(std::string{line[1]});
    if (const auto overlay = read_overlay(line, boot)) all.overlays.emplace(line[1], *overlay);
  }
}

}  // namespace

std::string server(const Engine& engine, ServerRef ref, Time boot) {
  const Pool& pool = engine.config().pools[ref.pool];
  const std::string name = object_name(pool, pool.servers[ref.server]);
  const ServerState& known = engine.pools().server(ref.pool, ref.server);
  const std::string weight = known.dynamic_weight ? fmt::format("weight {} {}\n", name, *known.dynamic_weight) : "";
  const std::string waits =
      pool.readmit_quiescent ? fmt::format("quiescent {} {}\n", name, known.quiescent ? "yes" : "no") : "";
  return fmt::format("state {} {}\n{}overlay {} {}\n{}", name, states[static_cast<std::size_t>(known.state)], weight,
                     name, known.overlay ? print(*known.overlay, boot) : "none", waits);
}

/// What is as with a server that nobody knows yet is left out.
std::string everything(const Engine& engine, Time boot, std::string_view table) {
  std::string text = fmt::format("table {}\n", table);
  const auto out = std::back_inserter(text);
  for (const ipvs::ServiceKey& key : engine.owned()) fmt::format_to(out, "owned {}\n", to_string(key));
  if (engine.syncing().ours()) text += "daemons sync owned\n";
  for (std::size_t p = 0; p < engine.config().pools.size(); ++p) {
    const Pool& pool = engine.config().pools[p];
    for (std::size_t s = 0; s < pool.servers.size(); ++s) {
      const ServerState& known = engine.pools().server(p, s);
      if (known.state == State::unknown && !known.dynamic_weight && !known.overlay) continue;
      const std::string name = object_name(pool, pool.servers[s]);
      if (known.state != State::unknown)
        fmt::format_to(out, "state {} {}\n", name, states[static_cast<std::size_t>(known.state)]);
      if (known.dynamic_weight) fmt::format_to(out, "weight {} {}\n", name, *known.dynamic_weight);
      if (known.quiescent) fmt::format_to(out, "quiescent {} yes\n", name);
      if (known.overlay) fmt::format_to(out, "overlay {} {}\n", name, print(*known.overlay, boot));
    }
  }
  return text;
}

Restored read(std::string_view text, Time boot, std::string_view table) {
  Restored all;
  bool same_table = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::vector<std::string_view> line = words(text.substr(0, end));
    if (line.size() == 2 && line[0] == "table") same_table = line[1] == table;
    take(all, line, boot);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!same_table) {
    all.owned.clear();
    all.daemons = false;
  }
  return all;
}

}  // namespace keepalive::core::saved
