// "10.0.0.0/8" as a value: what routes, rules and tracked routes name.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ipvs++/address.hpp"

namespace keepalive::vrrp {

struct Prefix {
  ipvs::Address address = {};
  std::uint8_t length = 0;

  friend bool operator==(const Prefix&, const Prefix&) = default;
};

/// An address alone is its own prefix. Nothing: it is neither.
inline std::optional<Prefix> read_prefix(std::string_view text) {
  constexpr int bits_a_byte = 8;
  const std::size_t slash = text.find('/');
  const auto address = ipvs::Address::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  int length = static_cast<int>(address->bytes().size()) * bits_a_byte;
  const int most = length;
  if (slash != std::string_view::npos) {
    const std::string_view number = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), length);
    if (error != std::errc{} || end != number.data() + number.size() || length < 0 || length > most)
      return std::nullopt;
  }
  return Prefix{*address, static_cast<std::uint8_t>(length)};
}

}  // namespace keepalive::vrrp
