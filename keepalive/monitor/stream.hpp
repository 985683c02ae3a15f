// Server-sent events to all viewers: each event is one text that they share.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "monitor/connection.hpp"

namespace keepalive::monitor {

class Stream {
 public:
  static constexpr std::size_t most_kept = 2000;
  static constexpr std::size_t most_bytes = 4U << 20U;

  /// `first`: number of the first event, beyond those of a predecessor.
  explicit Stream(std::uint64_t first) : next_{first} {}

  /// `data`: one line.
  void publish(std::string_view kind, std::string_view data);
  /// A viewer that saw everything up to `since` gets the rest; one who is too far behind is told to read anew.
  /// `may`: asked now and then whether it may still look.
  void join(const std::shared_ptr<Reply>& reply, std::optional<std::uint64_t> since, std::function<bool()> may);
  /// Every 15 s: shows viewers that we live, and finds those that are gone or may look no longer.
  void beat();
  std::size_t viewers() const { return viewers_.size(); }
  std::uint64_t last() const { return next_ - 1; }

 private:
  struct Viewer {
    std::shared_ptr<Reply> reply = nullptr;
    std::function<bool()> may = nullptr;
  };
  void tell(const Text& text);

  std::uint64_t next_;
  std::deque<Text> kept_ = {};
  std::size_t bytes_ = 0;
  std::list<Viewer> viewers_ = {};
};

}  // namespace keepalive::monitor
