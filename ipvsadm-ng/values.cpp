#include "values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string>

#include "base/text.hpp"
#include "lookup.hpp"

namespace ipvsadm {
namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The text behind what strtol skips: blanks and a plus. A minus stays.
std::string_view after_blanks_and_plus(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  if (text.size() > 1 && text.front() == '+' && is_digit(text[1])) text.remove_prefix(1);
  return text;
}

std::optional<ipvs::Address> read_ipv4_or_name(std::string_view text) {
  if (auto address = read_ipv4(text)) return address;
  return look_up_host(text);
}

std::optional<ipvs::Port> read_port(std::string_view text, std::optional<ipvs::Protocol> protocol) {
  if (auto number = read_number(text, 0, 65535)) return ipvs::Port{static_cast<std::uint16_t>(*number)};
  if (!protocol) return std::nullopt;
  return look_up_port(text, *protocol);
}

std::optional<HostPort> read_bracketed(std::string_view text, std::optional<ipvs::Protocol> protocol) {
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos || end + 1 >= text.size() || text[end + 1] != ':') return std::nullopt;
  const std::string_view host = text.substr(1, end - 1);
  auto address = ipvs::Address::parse(host);
  if (!address) address = read_ipv4_or_name(host);
  const auto port = read_port(text.substr(end + 2), protocol);
  if (!address || !port) return std::nullopt;
  return HostPort{.address = *address, .port = port};
}

}  // namespace

std::optional<std::int64_t> read_number(std::string_view text, std::int64_t least, std::int64_t most) {
  const auto number = base::read_number<std::int64_t>(after_blanks_and_plus(text));
  return number && *number >= least && *number <= most ? number : std::nullopt;
}

std::int64_t leading_number(std::string_view text) {
  text = after_blanks_and_plus(text);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<ipvs::Address> read_ipv4(std::string_view text) {
  if (auto address = ipvs::Address::parse(text)) {
    if (address->family() == ipvs::Family::ipv4) return address;
    return std::nullopt;
  }
  std::array<char, 64> copy = {};  // longer texts are no IPv4 address in any form
  if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::copy(text.begin(), text.end(), copy.begin());
  in_addr address = {};
  if (inet_aton(copy.data(), &address) == 0) return std::nullopt;
  std::array<std::uint8_t, 4> bytes = {};
  std::memcpy(bytes.data(), &address.s_addr, bytes.size());
  return ipvs::Address{bytes};
}

std::optional<HostPort> read_host_port(std::string_view text, std::optional<ipvs::Protocol> protocol) {
  if (std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  if (text.front() == '[') return read_bracketed(text, protocol);
  if (const auto address = ipvs::Address::parse(text)) return HostPort{.address = *address};

  const std::size_t colon = text.rfind(':');
  const auto address = read_ipv4_or_name(text.substr(0, colon));
  if (!address) return std::nullopt;
  if (colon == std::string_view::npos) return HostPort{.address = *address};
  const auto port = read_port(text.substr(colon + 1), protocol);
  if (!port) return std::nullopt;
  return HostPort{.address = *address, .port = port};
}

std::optional<std::uint32_t> read_ipv4_mask(std::string_view text) {
  const auto address = read_ipv4_or_name(text);
  if (!address) return std::nullopt;
  std::uint32_t mask = 0;
  for (const std::uint8_t byte : address->bytes()) mask = mask << 8 | byte;
  return mask;
}

}  // namespace ipvsadm
