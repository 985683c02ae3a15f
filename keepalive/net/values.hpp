// What the kernel's network configuration is made of, as values: addresses, routes, rules, links.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "ipvs++/address.hpp"

namespace keepalive::net {

using Mac = std::array<std::uint8_t, 6>;
using Index = unsigned;  // of an interface, as the kernel counts; 0: none

struct Prefix {
  ipvs::Address address = {};
  std::uint8_t length = 0;

  friend auto operator<=>(const Prefix&, const Prefix&) = default;
};

/// What names an address on this host; enough to take it away. No memory of its own.
struct HeldAddress {
  ipvs::Address address = {};
  std::uint8_t prefix = 32;
  Index interface = 0;
  std::optional<ipvs::Address> peer = {};  // the other end, to which the prefix belongs then

  friend auto operator<=>(const HeldAddress&, const HeldAddress&) = default;
};

/// Of rtnetlink(7); further numbers are the administrator's own.
namespace scope {
constexpr std::uint8_t global = 0, site = 200, link = 253, host = 254;
}
constexpr std::uint32_t main_table = 254;

struct InterfaceAddress {
  HeldAddress held = {};
  std::uint8_t scope = scope::global;
  std::string label = "";  // IPv4; begins with the interface's name; at most 15 characters
  std::optional<ipvs::Address> broadcast = {};
  bool deprecated = false;       // preferred_lft 0: no source for new connections
  bool no_prefix_route = false;  // no route to the prefix comes with it
  // IPv6 addresses are never probed for duplicates (IFA_F_NODAD): a virtual address is served from the first packet on.

  friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

enum class RouteKind : std::uint8_t { unicast, blackhole, unreachable, prohibit };

struct Route {
  Prefix destination = {};
  RouteKind kind = RouteKind::unicast;
  std::optional<ipvs::Address> via = {};  // of either family
  Index interface = 0;
  std::optional<ipvs::Address> source = {};
  std::uint32_t table = main_table;
  std::uint32_t metric = 0;
  std::optional<std::uint8_t> scope = {};  // none: link if nothing is `via`, else global, as `ip route` does
  bool onlink = false;
  std::uint32_t mtu = 0;  // 0: the interface's

  friend bool operator==(const Route&, const Route&) = default;
};

struct Rule {
  ipvs::Family family = ipvs::Family::ipv4;
  std::optional<Prefix> from = {};
  std::optional<Prefix> to = {};
  std::string in = "";   // name of an interface
  std::string out = "";  // name of an interface
  std::uint32_t mark = 0;
  std::uint32_t mark_mask = 0;  // 0: no mark is asked for
  std::uint32_t table = main_table;
  std::uint32_t priority = 0;  // without one the kernel would choose, and could not tell that the rule is there

  friend bool operator==(const Rule&, const Rule&) = default;
};

struct Link {
  Index index = 0;
  std::string name = "";
  Mac mac = {};
  std::uint32_t mtu = 0;
  bool up = false;          // by the administrator
  bool running = false;     // has carrier and is operational
  Index master = 0;         // bridge, bond or VRF
  Index lower = 0;          // what a macvlan or VLAN stands on
  std::string kind = "";    // "macvlan", "vlan", "vrf", …; empty: a device
  std::uint32_t table = 0;  // of a VRF
  std::string alias = "";   // a note that somebody made

  bool works() const { return up && running; }
  friend bool operator==(const Link&, const Link&) = default;
};

}  // namespace keepalive::net
