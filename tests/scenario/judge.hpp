// Sees that a world keeps its promises, at every step:
//   - no address is held by two directors that hear each other, beyond one advertisement and the delays
//   - those that hear each other and nobody else have a master within Master_Down, and one only once all has settled;
//     it is the one that failback wants, it has all addresses, and nobody else has any
//   - nobody takes over from a master that it hears, unless failback says so
//   - who has a heartbeat line waits for a master that is well on it and that the witness answers, for no other
//   - a director that woke too late says nothing as master before it has listened
//   - when nothing happens any more, nothing moves any more, and nobody is busy with nothing
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "world.hpp"

namespace scenario {

class Judge {
 public:
  explicit Judge(World& world) : world_{world}, plan_{world.plan} {}

  void see(std::size_t director, const vrrp::Event& event);
  void see(std::size_t director, const vrrp::Action& action);
  /// After each moment.
  void look();
  const std::optional<std::string>& fault() const { return fault_; }

 private:
  using Group = std::set<std::size_t>;  // of directors

  void find(const std::string& fault);
  bool paired(std::size_t one, std::size_t other, std::size_t interface) const;
  std::optional<Group> party(std::size_t director, std::size_t interface) const;
  bool undisturbed(std::size_t director) const;
  std::vector<Group> parties(std::size_t interface) const;
  void look_at_pairs();
  void look_at_holders();
  void look_at_holds();
  bool holds(const Group& party, std::size_t instance) const;
  bool justified(std::size_t director, std::size_t instance) const;
  void look_at_parties();
  void look_at_settled(const Group& party, std::size_t instance);
  void look_at_addresses(std::size_t director, std::size_t instance, std::size_t master);
  void look_at_priority(std::size_t director, std::size_t instance, std::size_t master);
  void take_over(std::size_t director, const vrrp::News& news);
  bool may_take_over(std::size_t director, std::size_t other, std::size_t instance) const;
  bool quiet() const { return world_.now - world_.happened > plan_.settled(); }

  World& world_;
  const Plan& plan_;
  std::optional<std::string> fault_ = std::nullopt;
  std::map<std::array<std::size_t, 3>, Time> pairs_ = {};          // one, other, interface: hear each other since
  std::map<std::array<std::size_t, 4>, Time> both_hold_ = {};      // one, other, instance, address: since
  std::map<std::pair<std::size_t, Group>, Time> leaderless_ = {};  // interface, party: since
  std::map<std::array<std::size_t, 2>, Time> listens_until_ = {};  // director, instance
  std::map<std::array<std::size_t, 2>, Time> holds_since_ = {};    // director, instance: without reason
  std::map<std::array<std::size_t, 2>, Time> backup_since_ = {};   // director, instance
  bool told_ = false;                                              // by an operator to be master, in this step
  std::uint64_t at_once_ = 0;                                      // steps without time going on
  Time last_{0};
};

}  // namespace scenario
