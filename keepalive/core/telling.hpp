// What status and overview tell of the same things in the same words: an object's first members, mostly.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/circumstances.hpp"
#include "core/engine.hpp"
#include "core/json.hpp"

namespace keepalive::core {

struct Telling {
  const Engine& engine;
  const Circumstances& circumstances;
  const CountTable& counts;
  Json json = {};

  std::string at(Time time) const;
  std::optional<std::string> at(const std::optional<Time>& time) const;

  void tell_config();
  /// Name, keys and state.
  void tell_head(const VirtualServer& service);
  /// Of a pool by its number: name, quorum and state.
  void tell_head(std::size_t pool);
  /// Name, place and state.
  void tell_head(const vrrp::Heartbeat& heartbeat, const vrrp::LineStatus* line);
  /// Interface, id and whom the daemons follow.
  void tell_head(const Sync& sync);
  /// What is known of the other director's connections.
  void tell_agent();
  /// The router that is master, and what keeps this one from it; null: nothing is known.
  void tell_master(const vrrp::Status* status);
  void tell_faults(const vrrp::Status* status);
  void tell_witness(const vrrp::WitnessStatus& witness);
  void tell_texts(std::string_view name, const std::vector<std::string>& texts);
};

}  // namespace keepalive::core
