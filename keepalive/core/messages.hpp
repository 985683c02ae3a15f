// The language between the director and a prober: plain values, and their bytes.
//
// A check travels as the text of its section (config/load.hpp reads it again), a target as fixed fields. The prober
// tells transitions at once and one summary of a target at most every second.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/verdict.hpp"
#include "ipvs++/address.hpp"
#include "ipvs++/service.hpp"

namespace keepalive::core {

/// One probe: a check of one server. The director gives the number; it stays over reloads.
struct Target {
  std::uint32_t id = 0;
  std::uint32_t check = 0;       // number of a SetCheck
  ipvs::Endpoint endpoint = {};  // where to connect, overrides applied
  ipvs::Fwmark mark = {};        // 0: none
  ipvs::Endpoint behind = {};    // of a marked probe: the server it shall reach
  State state = State::unknown;  // as last known
  std::string host = "";         // http: the service's default for `host`

  friend bool operator==(const Target&, const Target&) = default;
};

// Director to prober.
struct SetCheck {
  std::uint32_t number = 0;
  std::string text = "";

  friend bool operator==(const SetCheck&, const SetCheck&) = default;
};
struct SetTargets {
  std::vector<Target> targets = {};  // new, or changed: by id

  friend bool operator==(const SetTargets&, const SetTargets&) = default;
};
struct DropTargets {
  std::vector<std::uint32_t> ids = {};

  friend bool operator==(const DropTargets&, const DropTargets&) = default;
};
struct DropCheck {
  std::uint32_t number = 0;

  friend bool operator==(const DropCheck&, const DropCheck&) = default;
};
/// Instead of an exit code: the program could not be started, and its line says why.
inline constexpr std::int32_t never_ran = 256;

/// Answers a RunScript.
struct ScriptDone {
  std::uint32_t target = 0;
  std::uint32_t run = 0;
  std::int32_t exit_code = 0;  // negative: the signal that ended it; timed out: SIGKILL
  bool timed_out = false;
  std::string line = "";  // first of its output

  friend bool operator==(const ScriptDone&, const ScriptDone&) = default;
};

/// Answers WantSockets, one for each socket, which comes along; or there is none, and why.
struct GotSocket {
  std::uint32_t target = 0;
  std::uint32_t run = 0;
  std::string fault = "";

  friend bool operator==(const GotSocket&, const GotSocket&) = default;
};

// Prober to director.
struct Transition {
  std::uint32_t target = 0;
  State state = State::unknown;
  Verdict verdict = {};

  friend bool operator==(const Transition&, const Transition&) = default;
};
/// The last verdict of a target whose state did not change, and whether the prober is unable to probe it since.
struct Summary {
  std::uint32_t target = 0;
  std::uint32_t runs = 0;      // since the last summary; 0: no verdict
  std::uint32_t failures = 0;  // among them
  std::uint32_t against = 0;   // Health::against()
  Verdict verdict = {};
  std::string unable = "";  // why; says nothing of the server

  friend bool operator==(const Summary&, const Summary&) = default;
};
struct Summaries {
  std::vector<Summary> list = {};

  friend bool operator==(const Summaries&, const Summaries&) = default;
};
/// Sent every second: the prober lives. `late`: the longest that a probe started after its time.
struct Alive {
  std::chrono::microseconds late{0};
  std::uint32_t running = 0;

  friend bool operator==(const Alive&, const Alive&) = default;
};
/// Asks for the script of a check to be run; the launcher does it. The same run may be asked for again while it waits.
struct RunScript {
  std::uint32_t target = 0;
  std::uint32_t check = 0;
  std::uint32_t run = 0;

  friend bool operator==(const RunScript&, const RunScript&) = default;
};

/// Asks for sockets of a target's next probe that a prober may not open itself. What sockets these are is not for the
/// prober to say.
struct WantSockets {
  std::uint32_t target = 0;
  std::uint32_t run = 0;
  std::uint32_t count = 0;

  friend bool operator==(const WantSockets&, const WantSockets&) = default;
};

/// A failed probe of a check that tells of all of them.
struct Failure {
  std::uint32_t target = 0;
  std::string evidence = "";

  friend bool operator==(const Failure&, const Failure&) = default;
};
/// The failures of a second, as many as a person may read.
struct Failures {
  std::vector<Failure> list = {};
  std::uint32_t untold = 0;

  friend bool operator==(const Failures&, const Failures&) = default;
};

using Message = std::variant<SetCheck, SetTargets, DropTargets, DropCheck, ScriptDone, Transition, Summaries, Alive,
                             RunScript, Failures, GotSocket, WantSockets>;

/// The bytes of a message, without a frame.
std::string encode(const Message& message);
/// Nothing: not a message. Never reads past the bytes, whatever they are.
std::optional<Message> decode(std::span<const std::uint8_t> bytes);

}  // namespace keepalive::core
