// [vrrp NAME] as values. A header of its own: the process that speaks VRRP needs nothing else of a configuration.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/prefix.hpp"
#include "ipvs++/address.hpp"

namespace keepalive::vrrp {

using Time = std::chrono::duration<std::int64_t, std::micro>;

enum class Version : std::uint8_t { v2 = 2, v3 = 3 };

/// How a version-3 checksum over IPv4 is made: with a pseudo header, as keepalived does by default, or without, as
/// RFC 9568 section 5.2.8 may be read. `mirror`: as the peer does.
enum class Checksum : std::uint8_t { mirror, pseudo_header, plain };

/// An address that the master holds.
struct VirtualAddress {
  ipvs::Address address = {};
  std::uint8_t prefix = 32;
  std::string interface = "";  // empty: the instance's
  std::string label = "";
  std::string scope = "";                            // global, link, host, site or a number; empty: global
  bool excluded = false;                             // held, but not in the packet
  bool preferred = true;                             // for new connections of this host
  std::optional<ipvs::Address> peer = std::nullopt;  // the other end, to which the prefix belongs then
  std::optional<ipvs::Address> broadcast = std::nullopt;
  bool prefix_route = true;  // a route to the prefix comes with it

  friend bool operator==(const VirtualAddress&, const VirtualAddress&) = default;
};

/// When a router of higher priority takes over from a master that is alive.
struct Failback {
  enum class Kind : std::uint8_t { immediate, never, delayed, when_synced };
  Kind kind = Kind::immediate;
  Time delay{0};  // delayed; when_synced: so long at most, 0: for ever

  friend bool operator==(const Failback&, const Failback&) = default;
};

/// What an instance watches. Weight 0: a fault of it is the instance's; otherwise it counts while the thing is down
/// (negative) or up (positive).
struct Track {
  enum class Kind : std::uint8_t { interface, script, service, process, route, file };
  Kind kind = Kind::interface;
  std::string name = "";
  std::int32_t weight = 0;

  friend auto operator<=>(const Track&, const Track&) = default;
};
/// As the file writes it.
constexpr std::string_view to_string(Track::Kind kind) {
  constexpr std::array<std::string_view, 6> words{"interface", "script", "service", "process", "route", "file"};
  return words.at(static_cast<std::size_t>(kind));
}

/// How often neighbours are told where an address is.
struct Announcing {
  std::uint32_t repeat = 5;  // at once, and again after `delay`
  Time delay{std::chrono::seconds{5}};
  Time refresh{0};  // 0: never
  Time gap{0};      // least time between two frames of an interface

  friend bool operator==(const Announcing&, const Announcing&) = default;
};

/// A route that the master has.
struct Route {
  enum class Kind : std::uint8_t { unicast, blackhole, unreachable, prohibit };
  Prefix destination = {};
  Kind kind = Kind::unicast;
  std::optional<ipvs::Address> via = std::nullopt;
  std::string interface = "";
  std::optional<ipvs::Address> source = std::nullopt;
  std::uint32_t table = 0;  // 0: the main one, or of the VRF that the instance's interface belongs to
  std::uint32_t metric = 0;
  std::uint32_t mtu = 0;  // 0: the interface's
  std::string scope = "";
  bool onlink = false;

  friend bool operator==(const Route&, const Route&) = default;
};

/// A rule of policy routing that the master has.
struct Rule {
  ipvs::Family family = ipvs::Family::ipv4;
  std::optional<Prefix> from = std::nullopt;
  std::optional<Prefix> to = std::nullopt;
  std::string in = "";
  std::string out = "";
  std::uint32_t mark = 0;
  std::uint32_t mark_mask = 0;  // 0: no mark is asked for
  std::uint32_t table = 0;
  std::uint32_t priority = 0;

  friend bool operator==(const Rule&, const Rule&) = default;
};

struct Peer {
  ipvs::Address address = {};
  std::uint8_t least_ttl = 0;
  std::uint8_t most_ttl = 255;

  friend bool operator==(const Peer&, const Peer&) = default;
};

/// A secret that the routers of one virtual router share.
struct HmacKey {
  std::uint8_t id = 0;
  std::string secret = "";  // 32 to 64 bytes

  friend bool operator==(const HmacKey&, const HmacKey&) = default;
};

/// The HMAC trailer of draft-cassen-vrrp-auth-hmac, as keepalived 2.4 has it.
struct Hmac {
  /// What is sent and heard without one: `receive` sends none and hears both, `permissive` sends one and hears both,
  /// `enforce` hears nothing without. A trailer that does not hold is never heard.
  enum class Mode : std::uint8_t { none, receive, permissive, enforce };
  Mode mode = Mode::none;
  std::vector<HmacKey> keys = {};        // the first one signs
  Time window{std::chrono::seconds{5}};  // how far clocks may differ; 0: only the order counts

  friend bool operator==(const Hmac&, const Hmac&) = default;
};

struct Instance {
  std::string name = "";
  std::string interface = "";
  std::uint8_t id = 0;  // VRID
  std::uint8_t priority = 100;
  Version version = Version::v3;
  ipvs::Family family = ipvs::Family::ipv4;  // that is spoken and advertised
  Time advertise{std::chrono::seconds{1}};
  std::uint32_t down_after = 3;  // advertisements missed
  std::vector<VirtualAddress> addresses = {};
  Failback failback = {};
  Time start_delay{0};
  std::vector<Track> track = {};
  std::vector<Peer> peers = {};  // none: multicast
  ipvs::Address source = {};     // 0.0.0.0: the interface's
  std::uint8_t ttl = 255;
  std::string group = "";
  std::string password = "";  // version 2
  Hmac hmac = {};
  Checksum checksum = Checksum::mirror;
  Announcing announcing = {};
  bool ask_witness = false;      // takes over only where most of the witnesses answer
  std::string virtual_mac = "";  // the interface that has it and the addresses; empty: there is none
  std::vector<Route> routes = {};
  std::vector<Rule> rules = {};
  std::vector<std::string> announce_on = {};  // further interfaces
  bool accept = true;                         // what is sent to the addresses and is for no service
  Time up_delay{0};                           // so long its interface works before it counts
  Time down_delay{0};

  friend bool operator==(const Instance&, const Instance&) = default;
};

}  // namespace keepalive::vrrp
