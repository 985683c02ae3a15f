// The configurations that were in the files, as the launcher keeps them: who wrote each, when, and its texts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "core/verdict.hpp"

namespace keepalive::core {

/// By paths.
using Texts = std::map<std::string, std::string>;

struct ConfigVersion {
  std::uint64_t number = 0;
  Time time{0};         // since 1970
  std::string by = "";  // empty: found in the files, written by other means
  std::string comment = "";
  std::uint64_t generation = 0;  // that it became; 0: not known
  Texts texts = {};

  friend bool operator==(const ConfigVersion&, const ConfigVersion&) = default;
};

/// A version that goes unless somebody confirms it.
struct Pending {
  std::uint64_t version = 0;
  std::uint64_t back_to = 0;  // the version that is to come back
  Time until{0};              // since 1970
  Time term{0};               // how long it was given

  friend bool operator==(const Pending&, const Pending&) = default;
};

/// As files have them.
std::string encode(const ConfigVersion& version);
std::string encode(const Pending& pending);
std::optional<ConfigVersion> decode_version(std::span<const std::uint8_t> bytes);
std::optional<Pending> decode_pending(std::span<const std::uint8_t> bytes);

/// How long to wait yet: clocks may have been set meanwhile, so never longer than it was given.
Time remaining(const Pending& pending, Time now);

}  // namespace keepalive::core
