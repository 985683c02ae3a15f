// Alerts that wait for somebody. One opens with its entry in the journal and ends when what it tells of is over: with
// the entry that closes it (closings.hpp), or with a better one of its own kind. What nothing closes ends when somebody
// has acknowledged it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "core/action.hpp"

namespace keepalive::core {

struct Acknowledgement {
  std::string by = "";
  Time at{0};

  friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
};

struct OpenAlert {
  Journal entry = {};
  std::optional<Acknowledgement> acknowledged = std::nullopt;

  friend bool operator==(const OpenAlert&, const OpenAlert&) = default;
};

class OpenAlerts {
 public:
  static constexpr std::size_t most = 200;  // beyond, the oldest go, acknowledged ones first

  void take(const Journal& entry);
  /// False: no such alert is open.
  bool acknowledge(std::uint64_t sequence, const Acknowledgement& by);
  /// Null: it is not open.
  const OpenAlert* find(std::uint64_t sequence) const;
  const std::deque<OpenAlert>& list() const { return list_; }  // the oldest first

 private:
  std::deque<OpenAlert> list_ = {};
};

}  // namespace keepalive::core
