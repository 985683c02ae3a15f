// What can happen to the router, and what it wants done. Plain data: the shell makes events, Router::step() takes
// them, and the shell carries the actions out in their order.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/heartbeat.hpp"
#include "config/vrrp.hpp"
#include "core/level.hpp"
#include "core/vrrp/announcer.hpp"
#include "core/vrrp/frames.hpp"
#include "core/vrrp/machine.hpp"
#include "core/vrrp/packet.hpp"

namespace keepalive::core::vrrp {

// ---- Actions

/// Send one advertisement.
struct Transmit {
  std::string interface = "";
  Envelope envelope = {};
  std::string bytes = "";

  friend bool operator==(const Transmit&, const Transmit&) = default;
};
/// Add or remove addresses of an interface; answer with Altered.
struct Alter {
  enum class Operation : std::uint8_t { add, remove };
  Operation operation = Operation::add;
  std::string interface = "";
  std::vector<VirtualAddress> addresses = {};

  friend bool operator==(const Alter&, const Alter&) = default;
};
/// Send these frames through an interface, once; those that do not go are lost.
struct Announce {
  std::string interface = "";
  std::vector<std::string> frames = {};

  friend bool operator==(const Announce&, const Announce&) = default;
};
/// Something to tell: journal, programs, alerts.
struct News {
  using Level = core::Level;
  Level level = Level::info;
  std::string kind = "";      // VRRP_MASTER, …
  std::string instance = "";  // its name
  std::string text = "";
  std::string cause = "";

  friend bool operator==(const News&, const News&) = default;
};
/// Routes and rules that an instance has from now on, or shall not have any more; what it had beside them goes.
struct Lay {
  std::string instance = "";
  std::string interface = "";  // its own: of a VRF, perhaps
  bool wanted = false;
  std::vector<Route> routes = {};
  std::vector<Rule> rules = {};

  friend bool operator==(const Lay&, const Lay&) = default;
};
/// Say this on a heartbeat line.
struct Speak {
  std::string line = "";  // its name
  std::string bytes = "";

  friend bool operator==(const Speak&, const Speak&) = default;
};
/// Ask a witness through an interface; answer with Answered, if it does.
struct Ask {
  std::string witness = "";  // its name
  std::string interface = "";

  friend bool operator==(const Ask&, const Ask&) = default;
};
using Action = std::variant<Transmit, Alter, Announce, Lay, News, Speak, Ask>;
using Actions = std::vector<Action>;

// ---- Events

/// These, and no others, are to run.
struct Configured {
  std::vector<Instance> instances = {};
  std::vector<Heartbeat> lines = {};
  std::vector<Witness> witnesses = {};

  friend bool operator==(const Configured&, const Configured&) = default;
};
/// Of a predecessor on this host, before anything is configured: those that were master are so again. By name.
struct Legacy {
  std::map<std::string, Past> instances = {};

  friend bool operator==(const Legacy&, const Legacy&) = default;
};
struct Link {
  Mac mac = {};
  std::uint32_t mtu = 1500;
  bool works = false;   // up, with carrier
  bool router = false;  // forwards IPv6

  friend bool operator==(const Link&, const Link&) = default;
};
/// An interface is so; nothing: it is gone.
struct LinkIs {
  std::string interface = "";
  std::optional<Link> link = std::nullopt;
};
/// An address came or went.
struct AddressIs {
  Place place = {};
  bool present = false;
};
struct Received {
  std::string interface = "";
  Envelope envelope = {};
  std::string bytes = "";
};
/// Somebody says where an address is.
struct Seen {
  Place place = {};
  Mac mac = {};
};
/// The outcome of an Alter, in its order: an errno, or 0, for as many as were come to.
struct Altered {
  Alter order = {};
  std::vector<int> errors = {};
};
/// Something that instances track is well, or is not.
struct Tracked {
  Track::Kind kind = Track::Kind::script;
  std::string name = "";
  bool well = true;

  friend bool operator==(const Tracked&, const Tracked&) = default;
};
/// The cause of what people do: who asked for it.
inline std::string asked(const std::string& by) { return (by.empty() ? "an operator" : by) + " asked for it"; }
/// An operator's word.
struct Switchover {
  std::string instance = "";
  bool to_master = false;
  std::string by = "";  // empty: not known

  friend bool operator==(const Switchover&, const Switchover&) = default;
};
/// Whether this director has the connections of the others; before the first word it has not.
struct Synced {
  bool synced = false;

  friend bool operator==(const Synced&, const Synced&) = default;
};
/// What a heartbeat line gave: a datagram, or a serial line's bytes.
struct LineHeard {
  std::string line = "";
  std::string bytes = "";
};
/// A witness did.
struct Answered {
  std::string witness = "";
  std::string interface = "";
};
/// The process is renewed: what a backup can have meanwhile, of whom a heartbeat line tells, is handed over.
struct HandOver {};
struct Tick {};
/// The daemon stops: give everything up. Router::finished() tells when that is done.
struct Stop {};

using Event = std::variant<Configured, Legacy, LinkIs, AddressIs, Received, Seen, Altered, Tracked, Switchover, Synced,
                           LineHeard, Answered, HandOver, Tick, Stop>;

}  // namespace keepalive::core::vrrp
