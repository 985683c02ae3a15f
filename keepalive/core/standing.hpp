// What the director tells the sender out of the engine.
#pragma once

#include <set>
#include <string>

#include "core/alerts.hpp"
#include "core/engine.hpp"

namespace keepalive::core {

/// Objects that nobody shall be alerted of: journal, log and programs tell of them all the same.
class Silence {
 public:
  Silence() = default;
  explicit Silence(const Config& config);

  /// What closes an alert goes out: the sender tells it only where one is open.
  bool covers(const Journal& entry) const;
  bool covers(const Pool& pool) const { return pools_.contains(pool.name); }
  bool covers(const Pool& pool, const Server& server) const { return others_.contains(object_name(pool, server)); }

 private:
  std::set<std::string> pools_ = {};
  std::set<std::string> others_ = {};  // servers and services as the journal calls them: no pool's name could be one
};

/// `boot`: what to add to a Time to get the time since 1970.
Alert alert(const Journal& entry, Time boot);
/// Servers that are down, pools in panic or without quorum; without those that are silent.
Standing standing(const Engine& engine, const Silence& silence, Time boot);

}  // namespace keepalive::core
