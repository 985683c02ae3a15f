// Which virtual addresses this host shall have, which it has, and what is to be done about the difference: a slice at
// a time, so that thousands of them delay nothing.
//
//   held: on its interface.   none: nowhere.
//   lent: on the loopback interface only. Packets that still come are served. Nobody is answered who asks for it by
//         neighbour discovery; ARP is answered by the kernel unless arp_ignore forbids it, so a loan ends soon once
//         another host has the address.
//
// An address that passes from `held` to `lent` or back is on this host all the time.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/vrrp/vocabulary.hpp"

namespace keepalive::core::vrrp {

constexpr std::string_view loopback = "lo";

class Holdings {
 public:
  enum class Want : std::uint8_t { none, lent, held };

  void want(const Place& place, const VirtualAddress& address, Want want);
  /// None, whatever it was.
  void give_up(const Place& place);
  Want wanted(const Place& place) const;
  /// Wanted, and the kernel has it.
  bool holds(const Place& place) const;
  /// All that can be done about it has been done, or tried.
  bool settled(const Place& place) const;
  /// One of ours, wanted or just being given up.
  bool knows(const Place& place) const { return records_.contains(place); }

  /// The kernel says so. Returns whether it takes something away that shall be held.
  bool is(const Place& place, bool present);
  /// What the kernel has on an interface beside ours.
  std::vector<ipvs::Address> others_on(const std::string& interface) const;

  /// The next thing to do; its outcome is wanted before the one after that is asked for.
  std::optional<Alter> next(Time now, std::size_t most);
  /// What became of it. Returns the places that are held from now on.
  std::vector<Place> take(const Altered& outcome, Time now);

  std::optional<Time> deadline(Time now) const;
  /// Nothing of ours is left anywhere.
  bool empty() const { return records_.empty(); }

 private:
  struct Record {
    VirtualAddress address = {};
    Want want = Want::none;
    bool queued = false;
    bool under_way = false;
  };
  struct Change {
    Alter::Operation operation = Alter::Operation::add;
    std::string interface = "";

    friend bool operator==(const Change&, const Change&) = default;
  };
  std::optional<Change> change(const Place& place, Want want) const;
  bool has(const std::string& interface, const ipvs::Address& address) const;
  void look_at(const Place& place);

  std::map<Place, Record> records_ = {};
  std::set<Place> present_ = {};  // all that the kernel has, ours or not
  std::deque<Place> queue_ = {};
  std::vector<Place> under_way_ = {};
  std::vector<Place> refused_ = {};  // tried again later
  Time again_{0};
};

}  // namespace keepalive::core::vrrp
