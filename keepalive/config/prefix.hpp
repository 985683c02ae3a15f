// "10.0.0.0/8" as a value: what routes, rules and tracked routes name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.hpp"
#include "ipvs++/address.hpp"

namespace keepalive::vrrp {

struct Prefix {
  ipvs::Address address = {};
  std::uint8_t length = 0;

  friend bool operator==(const Prefix&, const Prefix&) = default;
};

/// An address alone is its own prefix. Nothing: it is neither.
inline std::optional<Prefix> read_prefix(std::string_view text) {
  constexpr std::size_t bits_a_byte = 8;
  const std::size_t slash = text.find('/');
  const auto address = ipvs::Address::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const auto most = static_cast<std::uint8_t>(address->bytes().size() * bits_a_byte);
  const auto length =
      slash == std::string_view::npos ? std::optional{most} : base::read_number<std::uint8_t>(text.substr(slash + 1));
  if (!length || *length > most) return std::nullopt;
  return Prefix{*address, *length};
}

}  // namespace keepalive::vrrp
