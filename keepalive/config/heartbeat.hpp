// [heartbeat NAME] and [witness NAME] as values: what virtual routers have beside VRRP to tell a dead master from a
// dead network.
#pragma once

#include <cstdint>
#include <string>

#include "ipvs++/service.hpp"

namespace keepalive::vrrp {

/// A further line to the other director.
struct Heartbeat {
  enum class Kind : std::uint8_t { udp, tty };
  std::string name = "";
  Kind kind = Kind::udp;
  ipvs::Endpoint local = {};   // udp
  ipvs::Endpoint remote = {};  // udp
  std::string device = "";     // udp: the interface, empty: by route; tty: its path
  std::uint32_t speed = 0;     // tty: bits a second
  std::string key = "";        // at least shortest_key bytes

  friend bool operator==(const Heartbeat&, const Heartbeat&) = default;
};
constexpr std::size_t shortest_key = 32;

/// Somebody whose answer tells that an interface reaches the world: a gateway.
struct Witness {
  enum class Kind : std::uint8_t { ping, tcp };
  std::string name = "";
  Kind kind = Kind::ping;
  ipvs::Endpoint target = {};  // ping: port 0

  friend bool operator==(const Witness&, const Witness&) = default;
};

}  // namespace keepalive::vrrp
