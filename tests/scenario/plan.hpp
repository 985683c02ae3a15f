// What a scenario is made of, as values: directors, what they agree upon, and what happens to them when. All of it
// comes from a seed; a plan with fewer things happening is a plan, too, which is how a failing one is made smaller.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "config/vrrp.hpp"

namespace scenario {

using keepalive::vrrp::Time;

/// The same numbers for the same seed, everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_{seed} {}
  /// 0 … most - 1
  std::size_t below(std::size_t most) { return static_cast<std::size_t>(engine_() % most); }
  bool percent(std::size_t chance) { return below(100) < chance; }
  Time up_to(Time most) { return Time{static_cast<Time::rep>(below(static_cast<std::size_t>(most.count()) + 1))}; }

 private:
  std::mt19937_64 engine_;
};

struct Happening {
  enum class Kind : std::uint8_t {
    cut,         // `node` is not heard by `other`, on interface `value` or, 2, on both
    split,       // those in the bits of `value` and the others do not hear each other
    heal,        // everybody hears everybody, nothing is lost
    loss,        // `value` percent of all packets are lost
    crash,       // the process dies, its guard removes the addresses
    stop,        // orderly
    start,       // if it does not run
    stall,       // for `span`; packets wait for it
    suspend,     // the same; packets are lost
    to_master,   // an operator's word for instance `value`
    to_backup,   // the same
    priority,    // `value` from now on
    link_down,   // interface `value`
    link_up,     // all interfaces
    take_away,   // somebody removes an address of instance `value`
    leave_over,  // somebody adds one
    line_cut,    // the heartbeat line of `node` and `other` carries nothing, until all is healed
    line_loss,   // `value` percent of what is said on lines is lost
    blind,       // the witness does not answer `node`, until all is healed
    synced,      // `node` has the others' connections, or, with value 0, has not
  };
  Time at{0};
  Kind kind = Kind::heal;
  std::size_t node = 0;
  std::size_t other = 0;
  std::size_t value = 0;
  Time span{0};
};
std::string text(const Happening& one);

struct Plan {
  std::uint64_t seed = 0;
  std::vector<std::uint8_t> priorities = {};  // a director each
  Time interval{std::chrono::seconds{1}};
  keepalive::vrrp::Failback failback = {};
  std::size_t instances = 1;  // on an interface each
  bool grouped = false;
  bool crossed = false;  // the one with the higher address on one interface has the lower on the other
  bool lines = false;    // a heartbeat line between any two
  bool witness = false;  // one that everybody may ask
  std::vector<Happening> happenings = {};
  Time end{0};

  Time delay() const { return interval / 20; }        // of a packet, at most
  Time late() const { return interval / 20; }         // a tick, at most
  Time longest_down() const { return 4 * interval; }  // Master_Down of the lowest priority
  /// From when on nothing moves any more once nothing happens any more.
  Time settled() const;
};
std::string text(const Plan& plan);

Plan make_plan(std::uint64_t seed);

}  // namespace scenario
