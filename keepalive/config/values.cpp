#include "config/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace keepalive::config {
namespace {

constexpr std::size_t longest_interface = 15;  // IFNAMSIZ - 1

constexpr std::string_view blanks = " \t";

struct Unit {
  std::string_view word;
  std::int64_t milliseconds;
};
constexpr auto units =
    std::to_array<Unit>({{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}});

/// "5" or "5-9" in this base; `first` may be the whole text before.
struct Span {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};
std::optional<Span> read_span(std::string_view text, int radix, std::uint32_t most) {
  const std::size_t dash = text.find('-');
  const auto first = base::read_number<std::uint32_t>(text.substr(0, dash), radix);
  const auto last =
      dash == std::string_view::npos ? first : base::read_number<std::uint32_t>(text.substr(dash + 1), radix);
  if (!first || !last || *first > *last || *last > most) return std::nullopt;
  return Span{*first, *last};
}

/// The addresses of "10.0.0.1-9" or "fd00::1-ff": the last part counts up.
std::optional<std::vector<ipvs::Address>> read_addresses(std::string_view text) {
  if (text.find('-') == std::string_view::npos) {
    const auto one = ipvs::Address::parse(text);
    if (!one) return std::nullopt;
    return std::vector{*one};
  }
  const bool ipv6 = text.find(':') != std::string_view::npos;
  const std::size_t cut = text.find_last_of(ipv6 ? ':' : '.');
  if (cut == std::string_view::npos || text.find('-') < cut) return std::nullopt;
  const auto span = read_span(text.substr(cut + 1), ipv6 ? 16 : 10, ipv6 ? 0xffffU : 255U);
  if (!span) return std::nullopt;
  std::vector<ipvs::Address> list;
  for (std::uint32_t i = span->first; i <= span->last; ++i) {
    const std::string_view head = text.substr(0, cut + 1);
    const auto one = ipvs::Address::parse(ipv6 ? fmt::format("{}{:x}", head, i) : fmt::format("{}{}", head, i));
    if (!one) return std::nullopt;
    list.push_back(*one);
  }
  return list;
}

/// "[ADDRESS]:PORT" or "ADDRESS:PORT" in two; the port is missing or given.
std::optional<std::pair<std::string_view, std::string_view>> parts(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (rest.empty()) return std::pair{text.substr(1, end - 1), std::string_view{}};
    if (rest.front() != ':' || rest.size() == 1) return std::nullopt;
    return std::pair{text.substr(1, end - 1), rest.substr(1)};
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
    return std::pair{text, std::string_view{}};
  if (colon + 1 == text.size()) return std::nullopt;
  return std::pair{text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

std::optional<Milliseconds> read_time(std::string_view text) {
  if (text == "0") return Milliseconds{0};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = base::read_number<std::int64_t>(text.substr(0, digits));
  for (const Unit& unit : units)
    if (number && unit.word == text.substr(digits) && *number <= 1'000'000'000'000 / unit.milliseconds)
      return Milliseconds{*number * unit.milliseconds};
  return std::nullopt;
}

std::string print_time(Milliseconds time) {
  if (time == Milliseconds{0}) return "0";
  const Unit* best = units.data();
  for (const Unit& unit : units)
    if (time.count() % unit.milliseconds == 0) best = &unit;
  return fmt::format("{}{}", time.count() / best->milliseconds, best->word);
}

std::optional<std::uint64_t> read_number(std::string_view text, std::uint64_t low, std::uint64_t high) {
  const auto number = base::read_number<std::uint64_t>(text);
  if (!number || *number < low || *number > high) return std::nullopt;
  return number;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> list;
  for (;;) {
    const std::size_t comma = text.find(',');
    list.push_back(base::trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return list;
    text.remove_prefix(comma + 1);
  }
}

std::optional<std::vector<PlacedWord>> read_words_at(std::string_view text) {
  std::vector<PlacedWord> words;
  bool quoted = false;
  bool open = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool blank = !quoted && blanks.find(text[i]) != std::string_view::npos;
    if (blank) {
      open = false;
      continue;
    }
    if (!open) words.push_back({"", i});
    open = true;
    if (text[i] == '"')
      quoted = !quoted;
    else
      words.back().text += text[i];
  }
  if (quoted) return std::nullopt;
  return words;
}

std::optional<std::vector<std::string>> read_words(std::string_view text) {
  auto words = read_words_at(text);
  if (!words) return std::nullopt;
  std::vector<std::string> list;
  for (PlacedWord& word : *words) list.push_back(std::move(word.text));
  return list;
}

std::string print_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    const bool plain = !word.empty() && word.find_first_of(" \t;#") == std::string::npos;
    text += plain ? word : fmt::format("\"{}\"", word);
  }
  return text;
}

std::optional<std::string> read_escaped(std::string_view text) {
  constexpr std::string_view letters = "rnt0\\";
  constexpr std::string_view bytes{"\r\n\t\0\\", 5};
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      plain += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    if (const std::size_t place = letters.find(text[i]); place != std::string_view::npos) {
      plain += bytes[place];
      continue;
    }
    const auto byte = text[i] == 'x' && i + 2 < text.size() ? base::read_number<std::uint8_t>(text.substr(i + 1, 2), 16)
                                                            : std::nullopt;
    if (!byte) return std::nullopt;
    plain += static_cast<char>(*byte);
    i += 2;
  }
  return plain;
}

std::string print_escaped(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\')
      text += "\\\\";
    else if (byte <= 32 || byte >= 127 || c == '"' || c == ';' || c == '#' || c == '$')
      text += fmt::format("\\x{:02x}", byte);
    else
      text += c;
  }
  return text;
}

std::optional<ipvs::Endpoint> read_place(std::string_view text) {
  const auto both = parts(text);
  if (!both) return std::nullopt;
  const auto address = ipvs::Address::parse(both->first);
  const auto port = both->second.empty() ? std::optional<std::uint64_t>{0} : read_number(both->second, 0, 65535);
  if (!address || !port) return std::nullopt;
  return ipvs::Endpoint{*address, {static_cast<std::uint16_t>(*port)}};
}

std::optional<StatusRange> read_status(std::string_view text) {
  const auto span = read_span(text, 10, 999);
  if (!span || span->first < 100) return std::nullopt;
  return StatusRange{static_cast<std::uint16_t>(span->first), static_cast<std::uint16_t>(span->last)};
}

std::string print_status(const StatusRange& range) {
  return range.first == range.last ? fmt::format("{}", range.first) : fmt::format("{}-{}", range.first, range.last);
}

std::optional<std::vector<ipvs::Endpoint>> read_range(std::string_view text) {
  const auto both = parts(text);
  if (!both) return std::nullopt;
  const auto addresses = read_addresses(both->first);
  const auto ports = both->second.empty() ? std::optional{Span{}} : read_span(both->second, 10, 65535);
  if (!addresses || !ports || addresses->size() * (ports->last - ports->first + 1) > most_endpoints)
    return std::nullopt;
  std::vector<ipvs::Endpoint> list;
  for (const ipvs::Address& address : *addresses)
    for (std::uint32_t port = ports->first; port <= ports->last; ++port)
      list.push_back({address, {static_cast<std::uint16_t>(port)}});
  return list;
}

std::string in_brackets(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (text.starts_with('[') || colon == std::string_view::npos || text.find(':') == colon) return {};
  std::string readings;
  const std::string_view head = text.substr(0, colon);
  const bool port = read_span(text.substr(colon + 1), 10, 65535).has_value();
  if (port && read_addresses(head)) readings = fmt::format("[{}]:{}", head, text.substr(colon + 1));
  if (read_addresses(text)) readings += fmt::format("{}[{}]", readings.empty() ? "" : " or ", text);
  return readings;
}

std::string_view unfit_service(const ipvs::Address& address) {
  if (address == ipvs::Address::any(address.family())) return "is no host's address";
  return address.is_multicast() ? "is a multicast address" : std::string_view{};
}

std::string_view unfit_server(const ipvs::Address& address) {
  const auto bytes = address.bytes();
  if (const std::string_view reason = unfit_service(address); !reason.empty()) return reason;
  if (address == ipvs::Address{std::array<std::uint8_t, 4>{255, 255, 255, 255}}) return "is the broadcast address";
  const bool link_local = address.family() == ipvs::Family::ipv6 && bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80;
  return link_local ? "is a link-local address, which the kernel takes for no server" : std::string_view{};
}

std::string_view interface_fault(std::string_view text) {
  const bool name = !text.empty() && text.size() <= longest_interface && text != "." && text != ".." &&
                    text.find_first_of("/:, \t") == std::string_view::npos;
  return name ? "" : "wants an interface's name: at most 15 letters";
}

std::string_view label_fault(std::string_view text) {
  return !text.empty() && text.size() <= longest_interface ? "" : "wants at most 15 letters, such as eth0:1";
}

std::string_view scope_fault(std::string_view text) {
  constexpr auto words = std::to_array<std::string_view>({"global", "site", "link", "host"});
  const bool known = std::find(words.begin(), words.end(), text) != words.end() || read_number(text, 0, 255);
  return known ? "" : "wants global, site, link, host or a number from 0 to 255";
}

std::string grouped(std::size_t number) {
  if (number < 1000) return std::to_string(number);
  return fmt::format("{},{:03}", grouped(number / 1000), number % 1000);
}

std::string unit_hint(std::string_view text) {
  return base::read_number<std::uint32_t>(text) ? fmt::format("; the unit is missing: {}s", text) : std::string{};
}

std::string pem_fault(std::string_view text, Pem kind) {
  if (kind == Pem::any) return {};
  constexpr std::string_view begin = "-----BEGIN ";
  const std::string_view wanted = kind == Pem::key ? "PRIVATE KEY" : "CERTIFICATE";
  for (std::size_t place = 0; (place = text.find(begin, place)) != std::string_view::npos;) {
    place += begin.size();
    const std::string_view label = text.substr(place, std::min(text.find("-----", place), text.size()) - place);
    if (!label.ends_with(wanted)) continue;
    const bool closed = text.find(fmt::format("-----END {}-----", label), place) != std::string_view::npos;
    return closed ? std::string{} : fmt::format("breaks off before -----END {}-----", label);
  }
  return fmt::format("is no PEM text with -----BEGIN {}-----", wanted);
}

}  // namespace keepalive::config
