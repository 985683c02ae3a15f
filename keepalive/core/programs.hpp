// Which programs may run now: those of one object one after the other, and no more at once than the limit. Pure: the
// launcher starts what it is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/launch.hpp"

namespace keepalive::core {

class Programs {
 public:
  explicit Programs(std::size_t limit) : limit_{limit} {}

  /// A lower limit lets run what runs.
  void set_limit(std::size_t limit) { limit_ = limit; }
  void add(RunProgram program);
  /// Programs to start now, in the order they were added; they count as running.
  std::vector<RunProgram> start();
  void finished(std::uint32_t id);
  /// None that waits is started any more.
  void clear() { waiting_.clear(); }
  /// Whether one that waits is numbered by this configuration.
  bool needs(std::uint32_t serial) const;
  std::size_t waiting() const { return waiting_.size(); }
  std::size_t running() const { return running_.size(); }

 private:
  std::size_t limit_;
  std::deque<RunProgram> waiting_ = {};
  std::map<std::uint32_t, std::string> running_ = {};  // id, object
  std::set<std::string> busy_ = {};                    // objects
};

/// Numbers of our own for what a director asks for: one that died numbered its programs as its successor does.
class Tickets {
 public:
  std::uint32_t issue(std::uint32_t theirs);
  /// What the director called it; nothing when that one is gone.
  std::optional<std::uint32_t> redeem(std::uint32_t ours);
  /// The director is gone.
  void clear() { open_.clear(); }

 private:
  std::map<std::uint32_t, std::uint32_t> open_ = {};
  std::uint32_t last_ = 0;
};

}  // namespace keepalive::core
