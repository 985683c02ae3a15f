// The configurations that the launcher keeps: those that the director looks at, the one in force, and earlier ones as
// long as a program that waits is numbered by them. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "core/launch.hpp"

namespace keepalive::core {

class Bundles {
 public:
  /// Gives it a serial and keeps it until it is adopted or dropped.
  const Bundle& add(Bundle bundle);
  /// It is in force now. Null: it is not there.
  const Bundle* adopt(std::uint32_t serial);
  /// It was only looked at.
  void drop(std::uint32_t serial) { pending_.erase(serial); }
  /// Nobody looks at any.
  void drop_pending() { pending_.clear(); }
  /// Lets go of earlier ones that nobody needs.
  void keep(const std::function<bool(std::uint32_t serial)>& needed);

  /// One that is looked at, in force, or was.
  const Bundle* find(std::uint32_t serial) const;
  /// The one in force; 0: none.
  std::uint32_t current() const { return current_; }
  /// Another one came into force after it.
  bool outdated(std::uint32_t serial) const { return serial < current_; }
  std::size_t size() const { return pending_.size() + adopted_.size(); }

 private:
  std::map<std::uint32_t, Bundle> pending_ = {};
  std::map<std::uint32_t, Bundle> adopted_ = {};
  std::uint32_t current_ = 0;
  std::uint32_t last_ = 0;
};

}  // namespace keepalive::core
