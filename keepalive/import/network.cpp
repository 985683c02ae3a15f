#include "import/network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "base/text.hpp"
#include "config/prefix.hpp"
#include "config/values.hpp"

namespace keepalive::import {
namespace {

/// A word of iproute2, ours, and whether something stands behind it.
struct Option {
  std::string_view theirs;
  std::string_view ours;  // empty: there is none
  bool value = true;
  std::string_view differs = "";  // what to say where there is none; empty: nothing
};

constexpr std::string_view held_fast = "an address, route or rule that somebody removes is put back here, always";

constexpr Option address_options[] = {
    {"dev", "dev"},
    {"label", "label"},
    {"scope", "scope"},
    {"peer", "peer"},
    {"brd", "brd"},
    {"broadcast", "brd"},
    {"noprefixroute", "noprefixroute", false},
    {"-nodad", "", false, "IPv6 addresses are never probed for duplicates here"},
    {"home", "", false, "the flag home is not set"},
    {"mngtmpaddr", "", false, "the flag mngtmpaddr is not set"},
    {"autojoin", "", false, "the flag autojoin is not set"},
    {"no_track", "", false, held_fast},
    {"track_group", "", true, "tracks nothing"},
    {"use_vmac", "", false, "only the router as a whole has a virtual MAC: virtual_mac"},
};

constexpr Option route_options[] = {
    {"via", "via"},
    {"gw", "via"},
    {"dev", "dev"},
    {"oif", "dev"},
    {"src", "src"},
    {"table", "table"},
    {"metric", "metric"},
    {"priority", "metric"},
    {"preference", "metric"},
    {"mtu", "mtu"},
    {"scope", "scope"},
    {"onlink", "onlink", false},
    {"to", "", true},
    {"no_track", "", false, held_fast},
    {"inet", "", false},
    {"inet6", "", false},
    {"append", "", false, "stands before others of its kind"},
    {"or", "", true, "has one way only: the second one is left out"},
};

constexpr Option rule_options[] = {
    {"from", "from"},         {"to", "to"},          {"iif", "iif"},
    {"dev", "iif"},           {"oif", "oif"},        {"fwmark", "fwmark"},
    {"table", "table"},       {"lookup", "table"},   {"preference", "priority"},
    {"priority", "priority"}, {"order", "priority"}, {"no_track", "", false, held_fast},
    {"inet", "", false},      {"inet6", "", false},
};

constexpr auto route_kinds = std::to_array<std::string_view>({"unicast", "blackhole", "unreachable", "prohibit"});

struct Words {
  std::string rest = "";  // what options come to
  std::string unknown = "";
  std::string plain = "";  // the word that is no option
  std::vector<std::string> differs = {};
};

/// Why ours cannot have the value; empty: it can.
std::string_view refusal(const Option& option, std::string_view value) {
  if (option.ours == "label") return config::label_fault(value);
  return option.ours == "scope" ? config::scope_fault(value) : std::string_view{};
}

/// Options of a line, and the one word that is none.
Words read(std::span<const std::string> words, std::span<const Option> options) {
  Words found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto option =
        std::find_if(options.begin(), options.end(), [&](const Option& one) { return one.theirs == words[i]; });
    if (option == options.end() || (option->value && i + 1 == words.size())) {
      if (found.plain.empty() && option == options.end())
        found.plain = words[i];
      else
        return found.unknown = words[i], found;
      continue;
    }
    const std::string value = option->value ? words[++i] : "";
    if (option->theirs == "to" && option->ours.empty()) found.plain = value;
    if (!option->differs.empty()) found.differs.emplace_back(option->differs);
    if (const std::string_view why = refusal(*option, value); !why.empty())
      found.differs.push_back(fmt::format("`{} {}' is left out: {} {}", option->theirs, value, option->ours, why));
    else if (!option->ours.empty())
      found.rest += fmt::format(" {}{}{}", option->ours, value.empty() ? "" : " ", value);
  }
  return found;
}

Converted none(std::string why) { return {"", {}, std::move(why)}; }

/// The broadcast address that `+` means: all bits of the host set. Nothing: not of IPv4.
std::optional<std::string> broadcast(const vrrp::Prefix& prefix, bool ones) {
  if (prefix.address.family() != ipvs::Family::ipv4 || prefix.length > 30) return std::nullopt;
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int host = std::clamp(8 * static_cast<int>(i + 1) - prefix.length, 0, 8);
    const auto mask = static_cast<std::uint8_t>((1U << static_cast<unsigned>(host)) - 1);
    const auto net = static_cast<std::uint8_t>(prefix.address.bytes()[i] & ~mask);
    bytes[i] = ones ? static_cast<std::uint8_t>(net | mask) : net;
  }
  return to_string(ipvs::Address{bytes});
}

/// preferred_lft out of the words: whether the address is no source of new connections.
bool take_deprecated(std::vector<std::string>& words, const vrrp::Prefix& prefix) {
  const auto found = std::find(words.begin(), words.end(), "preferred_lft");
  constexpr std::uint8_t host = 128;
  if (found == words.end() || found + 1 == words.end())
    return prefix.address.family() == ipvs::Family::ipv6 && prefix.length == host;
  const bool deprecated = *(found + 1) == "0";
  words.erase(found, found + 2);
  return deprecated;
}

std::uint64_t last_part(const ipvs::Address& address) {
  const auto bytes = address.bytes();
  return address.family() == ipvs::Family::ipv4 ? bytes.back() : bytes[14] * 256U + bytes[15];
}

/// The address with another last part.
ipvs::Address with_last(const ipvs::Address& address, std::uint64_t part) {
  const auto bytes = address.bytes();
  if (address.family() == ipvs::Family::ipv4)
    return ipvs::Address{std::array<std::uint8_t, 4>{bytes[0], bytes[1], bytes[2], static_cast<std::uint8_t>(part)}};
  std::array<std::uint8_t, 16> six{};
  std::copy(bytes.begin(), bytes.end(), six.begin());
  six[14] = static_cast<std::uint8_t>(part >> 8U);
  six[15] = static_cast<std::uint8_t>(part);
  return ipvs::Address{six};
}

/// The next address; of IPv4 over all its bytes, of IPv6 over its last part.
std::optional<ipvs::Address> next_part(const ipvs::Address& address) {
  if (address.family() != ipvs::Family::ipv4) return std::nullopt;
  std::array<std::uint8_t, 4> bytes{};
  std::copy(address.bytes().begin(), address.bytes().end(), bytes.begin());
  bytes[3] = 0;
  for (std::size_t i = 3; i-- > 0;)
    if (++bytes[i] != 0) return ipvs::Address{bytes};
  return std::nullopt;
}

std::string span(const ipvs::Address& first, std::uint64_t last) {
  if (last_part(first) == last) return to_string(first);
  return fmt::format(fmt::runtime(first.family() == ipvs::Family::ipv4 ? "{}-{}" : "{}-{:x}"), to_string(first), last);
}

/// Ranges of one last part each, from one address to another.
std::optional<std::vector<std::string>> spans(ipvs::Address first, const ipvs::Address& last) {
  constexpr std::size_t most = 256;  // parts: more than 65,536 addresses nobody has
  const std::uint64_t whole = first.family() == ipvs::Family::ipv4 ? 0xff : 0xffff;
  std::vector<std::string> list;
  while (list.size() < most && first <= last) {
    if (with_last(first, 0) == with_last(last, 0)) return list.push_back(span(first, last_part(last))), list;
    list.push_back(span(first, whole));
    const auto next = next_part(first);
    if (!next) return std::nullopt;
    first = *next;
  }
  return std::nullopt;
}

}  // namespace

Converted convert_address(const std::vector<std::string>& words) {
  const auto prefix = words.empty() ? std::nullopt : vrrp::read_prefix(words.front());
  if (!prefix || prefix->length == 0) return none("is no address such as 192.168.200.17/24");
  std::vector<std::string> options{words.begin() + 1, words.end()};
  const bool deprecated = take_deprecated(options, *prefix);
  for (std::size_t i = 0; i + 1 < options.size(); ++i)
    if ((options[i] == "brd" || options[i] == "broadcast") && (options[i + 1] == "+" || options[i + 1] == "-"))
      options[i + 1] = broadcast(*prefix, options[i + 1] == "+").value_or("");
  const Words found = read(options, address_options);
  if (const std::string& strange = found.plain.empty() ? found.unknown : found.plain; !strange.empty())
    return none(fmt::format("`{}' has no counterpart for an address", strange));
  return {words.front() + found.rest + (deprecated ? " deprecated" : ""), found.differs, ""};
}

Converted convert_route(const std::vector<std::string>& words, const std::string& interface) {
  std::span<const std::string> rest = words;
  std::string kind;
  if (!rest.empty() && std::find(route_kinds.begin(), route_kinds.end(), rest.front()) != route_kinds.end()) {
    kind = rest.front() + " ";
    rest = rest.subspan(1);
  }
  Words found = read(rest, route_options);
  if (!found.unknown.empty() || found.plain == "nexthop")
    return none(fmt::format("`{}' has no counterpart for a route: on_master can run ip-route(8)",
                            found.unknown.empty() ? found.plain : found.unknown));
  if (found.plain != "default" && !vrrp::read_prefix(found.plain))
    return none(fmt::format("`{}' is no prefix", found.plain));
  const bool leads = found.rest.find(" via ") != std::string::npos || found.rest.find(" dev ") != std::string::npos;
  if (!leads && (kind.empty() || kind == "unicast ")) found.rest += " dev " + interface;
  return {kind + found.plain + found.rest, found.differs, ""};
}

Converted convert_rule(const std::vector<std::string>& words, std::uint32_t priority) {
  Words found = read(words, rule_options);
  if (const std::string& strange = found.plain.empty() ? found.unknown : found.plain; !strange.empty())
    return none(fmt::format("`{}' has no counterpart for a rule: on_master can run ip-rule(8)", strange));
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if ((words[i] == "from" || words[i] == "to") && words[i + 1] != "all" && !vrrp::read_prefix(words[i + 1]))
      return none(fmt::format("`{}' is no prefix: keepalived leaves the rule out, too", words[i + 1]));
  if (found.rest.find(" table ") == std::string::npos) return none("rules here look a table up, and do nothing else");
  if (found.rest.find(" priority ") == std::string::npos) found.rest += fmt::format(" priority {}", priority);
  return {found.rest.substr(1), found.differs, ""};
}

std::optional<std::vector<std::string>> convert_range(std::string_view text) {
  if (text.find('/') != std::string_view::npos) {
    const auto prefix = vrrp::read_prefix(text);
    const auto last = prefix ? prefix->address : ipvs::Address{};
    constexpr int most_host = 16;
    const int host = prefix ? static_cast<int>(last.bytes().size()) * 8 - prefix->length : 0;
    if (!prefix || host > most_host) return std::nullopt;
    const bool six = last.family() == ipvs::Family::ipv6;
    const std::uint64_t hosts = (std::uint64_t{1} << static_cast<unsigned>(host)) - 1;
    if (six || host <= 8) return std::vector{span(with_last(last, last_part(last) & ~hosts), last_part(last) | hosts)};
    const auto begin = broadcast(*prefix, false);
    const auto end = broadcast(*prefix, true);
    return spans(*ipvs::Address::parse(*begin), *ipvs::Address::parse(*end));
  }
  const std::size_t dash = text.find('-');
  const auto first = ipvs::Address::parse(text.substr(0, dash));
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return std::vector{to_string(*first)};
  const std::string_view end = text.substr(dash + 1);
  if (const auto last = ipvs::Address::parse(end); last && last->family() == first->family())
    return spans(*first, *last);
  const bool six = first->family() == ipvs::Family::ipv6;
  const auto part = base::read_number<std::uint16_t>(end, six ? 16 : 10);
  if (!part || *part < last_part(*first) || (!six && *part > 255)) return std::nullopt;
  return std::vector{span(*first, *part)};
}

std::string place_of(std::string_view addresses, const std::string& port) {
  const bool six = addresses.find(':') != std::string_view::npos;
  const std::string place = six ? fmt::format("[{}]", addresses) : std::string{addresses};
  return port.empty() || port == "0" ? place : place + ":" + port;
}

}  // namespace keepalive::import
