// What the user asked for, fully typed, before anything is done.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace keepalive::ctl {

enum class Verb : std::uint8_t {
  status,
  explain,
  events,
  doctor,
  metrics,
  plan,
  reload,
  restart,
  drain,
  undrain,
  weight,
  disable,
  enable,
  switchover,
  sync,
  alerts,
  acknowledge,
  versions,
  diff,
  confirm,
  rollback,
  names,
  help,
  version,
};

struct Command {
  Verb verb = Verb::status;
  std::string socket = "/run/keepalive/control";
  std::string object = "";  // of explain: anything; of switchover: a virtual router; of sync: what;
                            // of acknowledge, rollback, diff: a number; else a server
  std::string other = "";   // of diff: a number
  std::string to = "";      // master, backup; empty: the other one
  std::uint32_t weight = 0;
  std::optional<std::chrono::milliseconds> deadline = std::nullopt;
  std::optional<std::chrono::milliseconds> confirm = std::nullopt;  // of rollback: within it
  std::optional<std::uint64_t> since = std::nullopt;
  bool json = false;
  bool watch = false;
  bool wait = false;
  bool follow = false;

  friend bool operator==(const Command&, const Command&) = default;
};

/// What the program ends with.
enum class Exit : std::uint8_t { done = 0, refused = 1, usage = 2, unreachable = 3 };

}  // namespace keepalive::ctl
