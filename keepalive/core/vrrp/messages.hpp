// The languages of the process that speaks VRRP: with the director, and with the launcher.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "config/vrrp.hpp"
#include "core/vrrp/heartbeat.hpp"
#include "core/vrrp/lateness.hpp"
#include "core/vrrp/machine.hpp"
#include "core/vrrp/vocabulary.hpp"

namespace keepalive::core::vrrp {

// Director to it: Configured, Tracked, Switchover, Synced (vocabulary.hpp).

// It to the director.
/// Something happened.
struct Told {
  News news = {};
  Time time{0};

  friend bool operator==(const Told&, const Told&) = default;
};
/// How a tracked thing fares.
enum class Condition : std::uint8_t { unknown, down, up };

/// How an instance is: after each change, and once a second as far as only counts change.
struct Status {
  std::string name = "";
  State state = State::stopped;
  Time since{0};
  std::string cause = "";
  std::uint8_t priority = 0;  // effective
  ipvs::Address source = {};
  std::map<std::string, Time> faults = {};
  std::optional<ipvs::Address> master = std::nullopt;  // heard last
  std::uint8_t master_priority = 0;
  Time master_down{0};
  bool rival = false;
  bool yielded = false;                            // an operator's word: it waits until it hears nobody
  std::optional<Time> failback_at = std::nullopt;  // it takes over from a lower priority then
  std::optional<Time> unsynced = std::nullopt;     // failback = when-synced holds it back, since
  std::vector<Condition> tracked = {};             // as Instance::track
  std::uint64_t sent = 0;
  std::uint64_t heard = 0;
  std::uint64_t unproven = 0;                    // of these
  std::vector<std::uint64_t> dropped = {};       // by Drop
  std::optional<Time> suspected = std::nullopt;  // a partition, since
  std::optional<Time> held = std::nullopt;       // its takeover waits, since

  friend bool operator==(const Status&, const Status&) = default;
};
struct LineStatus {
  std::string name = "";
  bool up = false;
  Time since{0};
  std::uint64_t sent = 0;
  std::uint64_t heard = 0;
  std::vector<std::uint64_t> refused = {};  // by Refusal

  friend bool operator==(const LineStatus&, const LineStatus&) = default;
};
struct WitnessStatus {
  std::string name = "";
  std::string interface = "";
  std::optional<Time> answered = std::nullopt;  // last

  friend bool operator==(const WitnessStatus&, const WitnessStatus&) = default;
};
struct Statuses {
  std::vector<Status> list = {};  // that changed
  std::vector<std::string> gone = {};
  Lateness lateness = {};                     // of advertisements since the last word
  std::vector<LineStatus> lines = {};         // all
  std::vector<WitnessStatus> witnesses = {};  // all

  friend bool operator==(const Statuses&, const Statuses&) = default;
};

using Speech = std::variant<Configured, Tracked, Switchover, Synced, Told, Statuses>;
std::string encode(const Speech& message);
std::optional<Speech> decode_speech(std::span<const std::uint8_t> bytes);

// Launcher to it, and back.
/// The director's end of a new channel comes along.
struct NewDirector {};
/// Give everything up, and end.
struct Leave {};
/// It lives. Without the next one within `patience` the launcher takes away what it holds.
struct Pulse {
  Time patience{0};
};
/// An address that it is about to have, or has no longer.
struct Held {
  ipvs::Address address = {};
  std::uint8_t prefix = 0;
  std::uint32_t interface = 0;
  std::optional<ipvs::Address> peer = std::nullopt;

  friend auto operator<=>(const Held&, const Held&) = default;
};
struct Holding {
  std::vector<Held> more = {};
  std::vector<Held> less = {};
  std::vector<std::string> undo = {};    // netlink requests that take away what it makes beside addresses
  std::vector<std::string> undone = {};  // of these, what is no more to be done
};
/// Launcher to it: end, but leave everything as it is for a successor; answered by Estate.
struct Retire {};
/// What it leaves; handed on to the successor.
struct Estate {
  Legacy legacy = {};
  std::vector<Held> held = {};         // these two the launcher fills in
  std::vector<std::string> undo = {};  // as in Holding

  friend bool operator==(const Estate&, const Estate&) = default;
};

using Guarding = std::variant<NewDirector, Leave, Pulse, Holding, Retire, Estate>;
std::string encode(const Guarding& message);
std::optional<Guarding> decode_guarding(std::span<const std::uint8_t> bytes);

}  // namespace keepalive::core::vrrp
