#include "import/ldirectord_lines.hpp"

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

std::optional<Place> read_virtual_place(std::string_view text) {
  Place place;
  if (const std::size_t arrow = text.find("->"); arrow != std::string_view::npos) {
    place.last = text.substr(arrow + 2);
    const std::size_t colon = place.last.rfind(':');
    if (colon != std::string::npos && place.last.find(']', colon) == std::string::npos) {
      place.port = port_number(place.last.substr(colon + 1));
      place.last.resize(colon);
      if (place.port.empty()) return std::nullopt;
    }
    text = text.substr(0, arrow);
  } else if (const std::size_t colon = text.rfind(':');
             colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos) {
    place.port = port_number(text.substr(colon + 1));
    text = text.substr(0, colon);
    if (place.port.empty()) return std::nullopt;
  }
  const auto bare = [](std::string_view one) {
    return one.starts_with('[') && one.ends_with(']') ? one.substr(1, one.size() - 2) : one;
  };
  place.first = bare(text);
  place.last = std::string{bare(place.last)};
  const bool good = ipvs::Address::parse(place.first) && (place.last.empty() || ipvs::Address::parse(place.last));
  return good ? std::optional{place} : std::nullopt;
}

}  // namespace keepalive::import
