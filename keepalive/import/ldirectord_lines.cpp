#include "import/ldirectord_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "config/values.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

/// Up to `#`, quoted or not, as ldirectord has it.
std::string_view ldirectord_line(std::string_view raw) { return trimmed(raw.substr(0, raw.find('#'))); }

/// Options of a service stand four blanks in, or behind a tab.
bool is_option(std::string_view raw) {
  const std::size_t first = raw.find_first_not_of(" \t");
  const std::string_view gap = raw.substr(0, first);
  return first != std::string_view::npos && (gap.size() >= 4 || gap.find('\t') != std::string_view::npos);
}

/// A port by its number or a well-known name; empty: neither.
std::string port_number(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 16> names{{{"http", "80"},
                                                                                 {"https", "443"},
                                                                                 {"smtp", "25"},
                                                                                 {"domain", "53"},
                                                                                 {"ftp", "21"},
                                                                                 {"pop3", "110"},
                                                                                 {"nntp", "119"},
                                                                                 {"imap2", "143"},
                                                                                 {"imap", "143"},
                                                                                 {"ldap", "389"},
                                                                                 {"submission", "587"},
                                                                                 {"ldaps", "636"},
                                                                                 {"imaps", "993"},
                                                                                 {"pop3s", "995"},
                                                                                 {"mysql", "3306"},
                                                                                 {"sip", "5060"}}};
  for (const auto& [name, number] : names)
    if (name == text) return std::string{number};
  return config::read_number(text, 0, 65535) ? std::string{text} : "";
}

bool all_of(std::string_view text, std::string_view letters) {
  return text.find_first_not_of(letters) == std::string_view::npos;
}

std::string port_fault(std::string_view text) {
  return all_of(text, "0123456789") ? fmt::format("`{}' is no port: they go up to 65535", shown(text))
                                    : fmt::format("the port `{}' is not looked up here: write its number", shown(text));
}

std::string address_fault(std::string_view text) {
  if (all_of(text, "0123456789.") || is_ipv6(text)) return fmt::format("`{}' is no address", shown(text));
  return fmt::format("`{0}' is not looked up here: write its address, as `getent ahosts {0}' tells it", shown(text));
}

std::string_view without_brackets(std::string_view text) {
  return text.starts_with('[') && text.ends_with(']') ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

std::vector<Node> read_ldirectord(std::string_view file, std::string_view text) {
  const base::FileName name{std::string{file}};
  std::vector<Node> nodes;
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::string_view raw = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(raw.size() + 1, text.size()));
    const std::string_view line = ldirectord_line(raw);
    if (line.empty()) continue;
    const base::Position at{name, number, static_cast<std::uint32_t>(line.data() - raw.data() + 1)};
    const std::size_t equals = std::min(line.find('='), line.size());
    Node node;
    node.at = at;
    node.text = line;
    node.words = {std::string{trimmed(line.substr(0, equals))}};
    if (equals == 0 || equals == line.size())
      node.remark = "neither a comment nor `key = value'";
    else
      node.words.emplace_back(trimmed(line.substr(equals + 1)));
    node.last_line = number;
    node.block = node.words.front() == "virtual" || node.words.front() == "virtual6";
    const bool inside = is_option(raw);
    const bool lonely = inside && (nodes.empty() || !nodes.back().block);
    if (lonely) node.remark = "stands inside a virtual service, and there is none before it";
    (inside && !lonely ? nodes.back().children : nodes).push_back(std::move(node));
  }
  return nodes;
}

bool is_ipv6(std::string_view address) { return address.find(':') != std::string_view::npos; }

tl::expected<Place, std::string> read_virtual_place(std::string_view text) {
  if (text.empty()) return tl::unexpected<std::string>{"wants an address and a port, such as 10.0.0.1:80"};
  Place place;
  const std::size_t colon = text.rfind(':');
  const std::size_t bracket = text.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon)) {
    const std::string_view port = text.substr(colon + 1);
    text = text.substr(0, colon);
    place.port = port_number(port);
    if (place.port.empty()) return tl::unexpected{port_fault(port)};
  }
  const std::size_t arrow = text.find("->");
  place.first = without_brackets(text.substr(0, arrow));
  if (arrow != std::string_view::npos) place.last = without_brackets(text.substr(arrow + 2));
  std::string faults = ipvs::Address::parse(place.first) ? "" : address_fault(place.first);
  if (arrow != std::string_view::npos && !ipvs::Address::parse(place.last))
    faults += (faults.empty() ? "" : "; ") + address_fault(place.last);
  if (!faults.empty()) return tl::unexpected{faults};
  return place;
}

tl::expected<Place, std::string> read_server_place(std::string_view text) {
  auto place = read_virtual_place(text);
  if (!place) return place;
  for (const std::string& one : {place->first, place->last})
    if (const auto address = ipvs::Address::parse(one); address && !config::unfit_server(*address).empty())
      return tl::unexpected{fmt::format("{} {}", one, config::unfit_server(*address))};
  return place;
}

}  // namespace keepalive::import
