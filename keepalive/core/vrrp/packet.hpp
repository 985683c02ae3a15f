// VRRP on the wire, versions 2 and 3, as values. RFC 9568 section 5, RFC 3768 section 5; packets are drawn here
// without the IP header.
//
//    0         1        2         3          4           5           6          8
//   | ver|type | VRID   | priority| addresses| v2: auth  | interval  | checksum | addresses … | v2: 8 bytes auth |
//                                            | v3: 0 and interval    |
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/vrrp.hpp"
#include "core/vrrp/drop.hpp"
#include "core/vrrp/trailer.hpp"
#include "ipvs++/address.hpp"

namespace keepalive::core::vrrp {

using namespace keepalive::vrrp;

constexpr std::uint8_t owner = 255;  // of the addresses: its priority
constexpr std::uint8_t leaving = 0;  // priority of a master that gives up
constexpr std::uint8_t any_ttl = 255;

/// An advertisement as values.
struct Advertisement {
  Version version = Version::v3;
  std::uint8_t id = 0;
  std::uint8_t priority = 100;
  Time interval{0};  // version 2: whole seconds; version 3: hundredths, at most 40.95 s
  std::vector<ipvs::Address> addresses = {};
  std::string password = "";  // version 2, at most 8 bytes; empty: no authentication

  friend bool operator==(const Advertisement&, const Advertisement&) = default;
};

/// What the IP header says.
struct Envelope {
  ipvs::Address source = {};
  ipvs::Address destination = {};
  int ttl = any_ttl;

  friend bool operator==(const Envelope&, const Envelope&) = default;
};

struct Heard {
  Advertisement advertisement = {};
  Checksum checksum = Checksum::pseudo_header;  // version 3 over IPv4: which one it has
  std::span<const std::uint8_t> message = {};   // its bytes
  std::span<const std::uint8_t> trailer = {};   // and those of its HMAC trailer; none: it has none

  friend bool operator==(const Heard& one, const Heard& other) {
    return one.advertisement == other.advertisement && one.checksum == other.checksum;
  }
};

/// Reads a packet, whatever it is; never past its bytes.
std::variant<Heard, Drop> decode(std::span<const std::uint8_t> bytes, const Envelope& envelope);

/// What an advertisement is signed with.
struct Signature {
  HmacKey key = {};
  Sequence sequence = 0;
};

/// The bytes of an advertisement. `checksum`: of version 3 over IPv4; `mirror` counts as `pseudo_header`.
std::string encode(const Advertisement& advertisement, const Envelope& envelope, Checksum checksum,
                   const std::optional<Signature>& signature = std::nullopt);

/// Where advertisements go without peers: 224.0.0.18, ff02::12.
ipvs::Address multicast_group(ipvs::Family family);
/// The bytes that one advertisement may have: what fits in the interface's MTU, and 255 addresses.
std::size_t most_addresses(ipvs::Family family, std::size_t mtu);

/// RFC 1071, over `bytes` and, unless empty, a pseudo header before them.
std::uint16_t internet_checksum(std::span<const std::uint8_t> bytes, std::string_view pseudo_header = {});
/// The pseudo header of a protocol's message (RFC 793 section 3.1, RFC 8200 section 8.1).
std::string pseudo_header(const Envelope& envelope, std::uint8_t protocol, std::size_t length);

}  // namespace keepalive::core::vrrp
