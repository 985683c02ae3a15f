// Alerts in few words.
#pragma once

#include <chrono>
#include <string>

#include "core/alerts.hpp"

namespace keepalive::sender {

using core::Alert;
using core::Time;

inline constexpr Time s(std::int64_t count) { return std::chrono::seconds{count}; }

inline Alert alert(const std::string& kind, const std::string& object, Alert::Level level = Alert::Level::alert,
                   const std::string& cause = "") {
  return {.sequence = 7,
          .time = std::chrono::microseconds{1'795'512'336'000'250},
          .level = level,
          .kind = kind,
          .object = object,
          .text = object + " it is",
          .cause = cause};
}
inline Alert info(const std::string& kind, const std::string& object) {
  return alert(kind, object, Alert::Level::info);
}

}  // namespace keepalive::sender
