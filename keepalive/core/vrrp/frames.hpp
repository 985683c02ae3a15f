// The frames that tell neighbours where an address is: a gratuitous ARP request (RFC 5227 section 1.1, RFC 9568
// section 8.1.2) and an unsolicited neighbour advertisement (RFC 4861 section 4.4, RFC 9568 section 8.2.2).
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "ipvs++/address.hpp"

namespace keepalive::core::vrrp {

using Mac = std::array<std::uint8_t, 6>;

/// The MAC of a virtual router: RFC 9568 section 7.3.
constexpr Mac virtual_mac(ipvs::Family family, std::uint8_t id) {
  return {0x00, 0x00, 0x5e, 0x00, static_cast<std::uint8_t>(family == ipvs::Family::ipv4 ? 1 : 2), id};
}

/// An Ethernet frame: `address` is at `mac`. `router`: this host forwards IPv6.
std::string announcement(const ipvs::Address& address, const Mac& mac, bool router);

}  // namespace keepalive::core::vrrp
