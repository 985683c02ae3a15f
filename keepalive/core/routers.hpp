// What the director knows of its virtual routers, which live in a process of their own, and what it tells them: their
// configuration, and how the things fare that they track and only the director can see.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.hpp"
#include "core/pools.hpp"
#include "core/vrrp/messages.hpp"

namespace keepalive::core {

class Routers {
 public:
  using Speeches = std::vector<vrrp::Speech>;

  /// All that a process must be told that knows nothing, or knows another configuration.
  Speeches load(const Config& config, const Pools& pools);
  /// What changed of the tracked things.
  Speeches look(const Config& config, const Pools& pools);

  /// Takes news over. Returns whether mastership changed somewhere.
  bool take(const vrrp::Statuses& news);
  /// Its process is gone: nothing is known of any until news come, but for who was master last.
  void forget() { statuses_.clear(); }
  const std::map<std::string, vrrp::Status>& statuses() const { return statuses_; }
  /// Null: nothing was heard of it yet.
  const vrrp::Status* find(const std::string& name) const;
  /// Changes of its state since the director's start.
  std::uint64_t transitions(const std::string& name) const;
  /// Of all advertisements since the director's start.
  const vrrp::Lateness& lateness() const { return lateness_; }
  /// Of heartbeat lines and witnesses; empty before anything was heard.
  const std::vector<vrrp::LineStatus>& lines() const { return lines_; }
  /// Null: nothing was heard of it yet.
  const vrrp::LineStatus* find_line(const std::string& name) const;
  const std::vector<vrrp::WitnessStatus>& witnesses() const { return witnesses_; }
  /// Nothing: not known yet.
  std::optional<bool> is_master(const std::string& name) const;

 private:
  using Thing = std::pair<vrrp::Track::Kind, std::string>;

  std::map<std::string, vrrp::Status> statuses_ = {};
  std::map<std::string, bool> masters_ = {};  // by the last word
  std::map<std::string, std::uint64_t> transitions_ = {};
  std::map<Thing, bool> told_ = {};
  vrrp::Lateness lateness_ = {};
  std::vector<vrrp::LineStatus> lines_ = {};
  std::vector<vrrp::WitnessStatus> witnesses_ = {};
};

/// The pool whose quorum tells how a tracked thing fares; nothing: the director does not see it.
std::optional<std::size_t> pool_of(const Config& config, const vrrp::Track& track);

/// "192.168.7.1 -> 192.168.7.2:8765 dev eth2" or "/dev/ttyS0 115200".
std::string place_of(const vrrp::Heartbeat& heartbeat);

/// A [vrrp] of this name; null: there is none.
const Vrrp* find_router(const Config& config, std::string_view name);
/// Whether it is what an operator wants.
inline bool is_so(const vrrp::Status& status, bool master) {
  return status.state == (master ? vrrp::State::master : vrrp::State::backup);
}
/// Why an operator cannot have this router switch over; empty: he can.
std::string objection(const Vrrp& router, const vrrp::Status* status, bool to_master);

/// The program that goes with such news of a router, and its key. No key: they are of no state; null: none is configured.
struct StateProgram {
  std::string_view key = "";
  const Command* command = nullptr;
};
StateProgram state_program(const Vrrp& router, std::string_view kind);

}  // namespace keepalive::core
