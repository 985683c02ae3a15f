// How much an event matters: one scale for news, notes, the journal and alerts.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace keepalive::core {

enum class Level : std::uint8_t { info, warning, alert };
constexpr Level last_of(Level /*of*/) { return Level::alert; }

/// "info", "warning", "alert".
constexpr std::string_view word(Level level) {
  constexpr std::array<std::string_view, 3> words{"info", "warning", "alert"};
  return words.at(static_cast<std::size_t>(level));
}

}  // namespace keepalive::core
