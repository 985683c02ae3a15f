// The language between the director and the monitor, which browsers talk to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "config/monitor.hpp"

namespace keepalive::core {

/// Director to monitor: the first word, and again at each reload.
struct SetMonitor {
  Monitor settings = {};
  std::string name = "";  // the director's, its router_id

  friend bool operator==(const SetMonitor&, const SetMonitor&) = default;
};
/// Monitor to director; a socket comes along: serve the control API on it, as far as `allow` lets.
struct Connect {
  friend bool operator==(const Connect&, const Connect&) = default;
};

using MonitorWords = std::variant<SetMonitor, Connect>;

std::string encode(const MonitorWords& message);
std::optional<MonitorWords> decode_monitor(std::span<const std::uint8_t> bytes);

}  // namespace keepalive::core
