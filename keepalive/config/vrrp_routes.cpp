#include "config/vrrp_routes.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/text.hpp"
#include "config/setters.hpp"
#include "config/values.hpp"

namespace keepalive::config {
namespace {

using namespace keepalive::vrrp;

constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();

/// A word that something stands behind, and what it does with that; a fault, or empty.
template <class T>
struct Option {
  std::string_view word;
  Fault (*take)(T& one, std::string_view value);
};

constexpr auto kinds = std::to_array<setters::Word<Route::Kind>>({{"unicast", Route::Kind::unicast},
                                                                  {"blackhole", Route::Kind::blackhole},
                                                                  {"unreachable", Route::Kind::unreachable},
                                                                  {"prohibit", Route::Kind::prohibit}});
constexpr auto tables = std::to_array<setters::Word<std::uint32_t>>({{"default", 253}, {"main", 254}, {"local", 255}});

/// Hexadecimal too, as marks are written.
std::optional<std::uint32_t> read_mark(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) text.remove_prefix(2);
  return base::read_number<std::uint32_t>(text, hexadecimal ? 16 : 10);
}

Fault set_number(std::uint32_t& place, std::string_view value, std::uint64_t least) {
  const auto number = read_number(value, least, most);
  if (!number) return fmt::format("wants a number from {} to {}", least, most);
  place = static_cast<std::uint32_t>(*number);
  return {};
}

Fault set_table(std::uint32_t& place, std::string_view value) {
  for (const auto& row : tables)
    if (row.word == value) return place = row.value, Fault{};
  const Fault fault = set_number(place, value, 1);
  return fault.empty() ? Fault{} : fault + ", or main, default or local";
}

Fault set_name(std::string& place, std::string_view value) {
  if (const std::string_view fault = interface_fault(value); !fault.empty()) return std::string{fault};
  place = value;
  return {};
}

Fault set_scope(std::string& place, std::string_view value) {
  if (const std::string_view fault = scope_fault(value); !fault.empty()) return std::string{fault};
  place = value;
  return {};
}

Fault set_address(std::optional<ipvs::Address>& place, std::string_view value) {
  place = ipvs::Address::parse(value);
  return place ? Fault{} : "wants an address";
}

Fault set_prefix(std::optional<Prefix>& place, std::string_view value) {
  if (value == "all") return {};
  place = read_prefix(value);
  return place ? Fault{} : "wants a prefix such as 10.0.0.0/8, or all";
}

Fault set_mark(Rule& rule, std::string_view value) {
  const std::size_t slash = value.find('/');
  const auto mark = read_mark(value.substr(0, slash));
  const auto mask = slash == std::string_view::npos ? std::optional{std::numeric_limits<std::uint32_t>::max()}
                                                    : read_mark(value.substr(slash + 1));
  if (!mark || !mask || *mask == 0) return "wants a mark such as 7 or 0x10/0xff";
  rule.mark = *mark;
  rule.mark_mask = *mask;
  return {};
}

constexpr Option<Route> route_options[] = {
    {"via", [](Route& one, std::string_view value) { return set_address(one.via, value); }},
    {"dev", [](Route& one, std::string_view value) { return set_name(one.interface, value); }},
    {"src", [](Route& one, std::string_view value) { return set_address(one.source, value); }},
    {"table", [](Route& one, std::string_view value) { return set_table(one.table, value); }},
    {"metric", [](Route& one, std::string_view value) { return set_number(one.metric, value, 0); }},
    {"mtu", [](Route& one, std::string_view value) { return set_number(one.mtu, value, 68); }},
    {"scope", [](Route& one, std::string_view value) { return set_scope(one.scope, value); }},
};

constexpr Option<Rule> rule_options[] = {
    {"from", [](Rule& one, std::string_view value) { return set_prefix(one.from, value); }},
    {"to", [](Rule& one, std::string_view value) { return set_prefix(one.to, value); }},
    {"iif", [](Rule& one, std::string_view value) { return set_name(one.in, value); }},
    {"oif", [](Rule& one, std::string_view value) { return set_name(one.out, value); }},
    {"fwmark", [](Rule& one, std::string_view value) { return set_mark(one, value); }},
    {"table", [](Rule& one, std::string_view value) { return set_table(one.table, value); }},
    {"lookup", [](Rule& one, std::string_view value) { return set_table(one.table, value); }},
    {"priority", [](Rule& one, std::string_view value) { return set_number(one.priority, value, 1); }},
};

/// Each word with what stands behind it.
template <class T>
Fault take_options(std::span<const std::string> words, std::span<const Option<T>> options, T& one) {
  std::vector<std::string_view> known;
  for (const auto& option : options) known.push_back(option.word);
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const auto found =
        std::find_if(options.begin(), options.end(), [&](const auto& option) { return option.word == words[i]; });
    if (found == options.end())
      return fmt::format("`{}' is no option of it: {}{}", words[i], fmt::join(known, ", "), word_hint(words[i], known));
    if (i + 1 == words.size()) return fmt::format("`{}' wants something behind it", words[i]);
    if (Fault fault = found->take(one, words[i + 1]); !fault.empty()) return fmt::format("`{}' {}", words[i], fault);
  }
  return {};
}

Fault set_destination(Route& route, std::string_view text) {
  const bool six = route.via && route.via->family() == ipvs::Family::ipv6;
  const auto prefix =
      text == "default"
          ? std::optional{Prefix{.address = ipvs::Address::any(six ? ipvs::Family::ipv6 : ipvs::Family::ipv4)}}
          : read_prefix(text);
  if (!prefix) return fmt::format("`{}' is no prefix such as 10.9.0.0/16, and not default", text);
  route.destination = *prefix;
  return {};
}

/// What can be no route, whatever the host is like.
Fault fault_of(const Route& route) {
  const bool leads = route.via || !route.interface.empty();
  if (route.kind == Route::Kind::unicast && !leads) return "wants `via ADDRESS' or `dev INTERFACE'";
  if (route.kind != Route::Kind::unicast && leads) return "leads nowhere: it has no `via' and no `dev'";
  if (route.source && route.source->family() != route.destination.address.family())
    return "`src' is of another address family than its destination";
  if (route.onlink && (!route.via || route.interface.empty())) return "`onlink' wants `via' and `dev'";
  return {};
}

}  // namespace

Fault read_route(std::string_view item, Route& route) {
  auto words = read_words(item);
  if (!words || words->empty()) return "wants a route such as 10.9.0.0/16 via 10.0.0.254";
  for (const auto& row : kinds)
    if (row.word == words->front()) {
      route.kind = row.value;
      words->erase(words->begin());
      break;
    }
  if (words->empty()) return "wants a prefix such as 10.9.0.0/16, or default";
  const std::string destination = words->front();
  words->erase(words->begin());
  route.onlink = std::erase(*words, "onlink") > 0;
  if (Fault fault = take_options<Route>(*words, route_options, route); !fault.empty()) return fault;
  if (Fault fault = set_destination(route, destination); !fault.empty()) return fault;
  return fault_of(route);
}

Fault read_rule(std::string_view item, Rule& rule) {
  const auto words = read_words(item);
  if (!words || words->empty()) return "wants a rule such as from 10.0.0.0/24 table 100 priority 1000";
  if (Fault fault = take_options<Rule>(*words, rule_options, rule); !fault.empty()) return fault;
  if (rule.table == 0) return "wants `table NUMBER'";
  if (rule.priority == 0) return "wants `priority NUMBER': without one nobody could tell that it is there";
  if (rule.from && rule.to && rule.from->address.family() != rule.to->address.family())
    return "`from' and `to' are of different address families";
  return {};
}

}  // namespace keepalive::config
