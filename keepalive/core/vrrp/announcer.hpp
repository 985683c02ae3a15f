// When which address is announced: at once, some times over, later again, and every so often. The pace is kept here:
// thousands of addresses are no reason to be late with an advertisement.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "config/vrrp.hpp"

namespace keepalive::core::vrrp {

using namespace keepalive::vrrp;

/// An address on an interface.
struct Place {
  std::string interface = "";
  ipvs::Address address = {};

  friend auto operator<=>(const Place&, const Place&) = default;
};

class Announcer {
 public:
  /// Begins anew with an address: as if it had just been taken.
  void announce(const Place& place, const Announcing& how, Time now);
  void forget(const Place& place);

  /// What is due, at most `most`, each interface no faster than it may.
  std::vector<Place> due(Time now, std::size_t most);
  std::optional<Time> deadline() const;

 private:
  /// In the order of time, then of coming. What was not announced yet comes before all that is announced again.
  using Turn = std::tuple<Time, std::uint64_t, ipvs::Address>;
  struct Plan {
    Announcing how = {};
    std::uint32_t left = 0;  // of this round
    bool again = false;      // another round comes after it
    Turn turn = {};
  };
  struct Lane {
    std::map<ipvs::Address, Plan> plans = {};
    std::set<Turn> order = {};
    Time free{0};  // when the interface may send again
  };
  using Lanes = std::map<std::string, Lane>;
  Lanes::iterator first(Time now);
  static std::optional<Time> next(Plan& plan, Time now);
  static void drop(Lane& lane, const ipvs::Address& address);
  void enter(Lane& lane, Plan& plan, const ipvs::Address& address, Time at);

  Lanes lanes_ = {};
  std::uint64_t turns_ = 0;
};

}  // namespace keepalive::core::vrrp
