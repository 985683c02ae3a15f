// Directors on a virtual clock, and the network between them. Whoever judges sees everything that is done.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "host.hpp"
#include "plan.hpp"

namespace scenario {

namespace vrrp = keepalive::core::vrrp;

constexpr std::size_t interfaces = 2;

struct Director {
  vrrp::Host host = {};
  bool runs = false;
  std::optional<Time> asleep_until = std::nullopt;
  Time asleep_since{0};
  bool hears_later = false;  // what comes while it sleeps
  std::deque<vrrp::Event> inbox = {};
  std::uint8_t priority = 100;
  std::array<bool, interfaces> links = {};
  Time next_tick{0};
  bool synced = false;
  std::optional<Time> synced_last = std::nullopt;  // when it was told that it is so no more

  bool awake() const { return runs && !asleep_until; }
};

class World {
 public:
  explicit World(const Plan& plan);

  /// One moment on; false: it is over.
  bool go_on();

  /// Whether what `from` says on an interface comes to `to`, if nothing is lost.
  bool hears(std::size_t from, std::size_t to, std::size_t interface) const;
  /// The same of the line between the two.
  bool hears_line(std::size_t from, std::size_t to) const;
  /// Whether the witness answers it through an interface.
  bool sees_witness(std::size_t director, std::size_t interface) const;
  vrrp::State state(std::size_t director, std::size_t instance) const;
  const vrrp::Router::Standing* standing(std::size_t director, std::size_t instance) const;

  const Plan& plan;
  Time now{0};
  std::vector<Director> directors = {};
  std::size_t loss = 0;        // percent
  std::size_t line_loss = 0;   // percent
  Time happened{0};            // last
  Time priorities_changed{0};  // last
  std::uint64_t steps = 0;
  /// Called with each event before it is taken, and each action.
  std::function<void(std::size_t director, const vrrp::Event&)> on_event = {};
  std::function<void(std::size_t director, const vrrp::Action&)> on_action = {};
  std::function<void(const Happening&)> on_happening = {};

  static std::string instance_name(std::size_t instance) { return instance == 0 ? "a" : "b"; }
  static std::string interface_name(std::size_t interface) { return interface == 0 ? "eth0" : "eth1"; }
  static std::vector<ipvs::Address> addresses_of(std::size_t instance);

 private:
  void happen(const Happening& one);
  void tell_synced(std::size_t director, bool synced);
  void cut(const Happening& one);
  void start(std::size_t director);
  void kill(std::size_t director);
  void remove_addresses(Director& one);
  void configure(std::size_t director);
  void set_link(std::size_t director, std::size_t interface, bool works);
  void edit(std::size_t director, const vrrp::Place& place, bool add);
  void sleep(const Happening& what);
  void wake(std::size_t director);
  void give(std::size_t director, const vrrp::Event& event);
  void carry(std::size_t from, const vrrp::Action& action);
  void send(std::size_t from, std::size_t interface, const vrrp::Event& event);
  void say(std::size_t from, const vrrp::Speak& word);
  void tick(std::size_t director);
  ipvs::Address own_address(std::size_t director, std::size_t interface) const;
  keepalive::vrrp::Instance instance(std::size_t director, std::size_t number) const;

  Dice dice_;
  std::size_t next_happening_ = 0;
  std::set<std::array<std::size_t, 3>> cuts_ = {};                // from, to, interface
  std::set<std::pair<std::size_t, std::size_t>> line_cuts_ = {};  // the lower one first
  std::set<std::size_t> blind_ = {};
  std::uint64_t starts_ = 0;
  std::multimap<Time, std::pair<std::size_t, vrrp::Event>> under_way_ = {};
};

}  // namespace scenario
