// The language between the director and its agent of connection sync.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "sync/report.hpp"
#include "sync/settings.hpp"

namespace keepalive::core {

/// Director to agent: the first word, and whenever something of it changes.
struct SetAgent {
  ipvs::sync::AgentSettings settings = {};

  friend bool operator==(const SetAgent&, const SetAgent&) = default;
};
/// Director to agent, in the words of sync/requests: "status", "parity"; answer with SyncAnswer.
struct SyncQuestion {
  std::uint32_t id = 0;
  std::string text = "";

  friend bool operator==(const SyncQuestion&, const SyncQuestion&) = default;
};
/// Agent to director.
struct SyncAnswer {
  std::uint32_t id = 0;
  std::string json = "";

  friend bool operator==(const SyncAnswer&, const SyncAnswer&) = default;
};
/// Agent to director, every second.
struct SyncTold {
  ipvs::sync::Report report = {};

  friend bool operator==(const SyncTold&, const SyncTold&) = default;
};

using SyncWords = std::variant<SetAgent, SyncQuestion, SyncAnswer, SyncTold>;

std::string encode(const SyncWords& message);
std::optional<SyncWords> decode_sync(std::span<const std::uint8_t> bytes);

}  // namespace keepalive::core
