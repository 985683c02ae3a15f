// The texts of arguments as values: numbers as strtol(3) reads them, addresses as ipvsadm does.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ipvs++/address.hpp"
#include "ipvs++/service.hpp"

namespace ipvsadm {

/// A decimal number as strtol reads it (blanks in front, a sign, leading zeros) within limits, and nothing after it.
std::optional<std::int64_t> read_number(std::string_view text, std::int64_t least, std::int64_t most);

/// What inet_aton(3) reads: also "10.1", "0x0a000001" and octal parts.
std::optional<ipvs::Address> read_ipv4(std::string_view text);

/// An address, and a port if the text has one.
struct HostPort {
  ipvs::Address address = {};
  std::optional<ipvs::Port> port = std::nullopt;
};

/// ADDRESS[:PORT] of a service or server: numbers, or names from the host's databases. `protocol` chooses the
/// database of port names; none: ports are numbers.
std::optional<HostPort> read_host_port(std::string_view text, std::optional<ipvs::Protocol> protocol);

/// A mask or name of a network, as a number in host order.
std::optional<std::uint32_t> read_ipv4_mask(std::string_view text);

/// The number that atoi(3) finds at the start of the text, 0 if none.
std::int64_t leading_number(std::string_view text);

}  // namespace ipvsadm
