// The names of protocols, as the kernel's ip_vs_proto_name() has them.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "ipvs++/service.hpp"

namespace ipvs {
inline namespace v0 {

struct ProtocolName {
  std::string_view name;
  std::uint8_t number;
};
inline constexpr auto protocol_names = std::to_array<ProtocolName>(
    {{"TCP", 6}, {"UDP", 17}, {"SCTP", 132}, {"IP", 0}, {"AH", 51}, {"ESP", 50}, {"ICMP", 1}, {"ICMPv6", 58}});

/// Empty: the kernel has no name for it.
constexpr std::string_view protocol_name(Protocol protocol) {
  const auto* const row = std::ranges::find(protocol_names, static_cast<std::uint8_t>(protocol), &ProtocolName::number);
  return row == protocol_names.end() ? std::string_view{} : row->name;
}

constexpr std::optional<Protocol> named_protocol(std::string_view name) {
  const auto* const row = std::ranges::find(protocol_names, name, &ProtocolName::name);
  if (row == protocol_names.end()) return std::nullopt;
  return static_cast<Protocol>(row->number);
}

}  // namespace v0
}  // namespace ipvs
