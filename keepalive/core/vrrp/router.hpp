// All virtual routers of this host in one object: events in, actions out. Nothing in it waits, reads a clock or
// touches the system.
//
//   for (const Action& action : router.step(event, now())) carry_out(action);
//   wake_at(router.deadline());     // hear what lies in the sockets first, then step(Tick{}, now())
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/vrrp/announcer.hpp"
#include "core/vrrp/differences.hpp"
#include "core/vrrp/holdings.hpp"
#include "core/vrrp/lines.hpp"
#include "core/vrrp/machine.hpp"
#include "core/vrrp/masters.hpp"
#include "core/vrrp/vocabulary.hpp"
#include "core/vrrp/witnesses.hpp"

namespace keepalive::core::vrrp {

/// What one instance has to show.
struct Counts {
  std::uint64_t sent = 0;
  std::uint64_t heard = 0;
  std::uint64_t unproven = 0;  // of these: without an HMAC, where there are keys
  std::array<std::uint64_t, drops> dropped = {};

  friend bool operator==(const Counts&, const Counts&) = default;
};

/// The device that it speaks and hears through. By multicast the virtual MAC is the sender's; its interface hears it,
/// too: what comes from another router with this MAC passes by the one below.
const std::string& device_of(const Instance& instance);
/// Where an address of an instance belongs.
Place place_of(const Instance& instance, const VirtualAddress& address);

class Router {
 public:
  /// `seed`: see Lines.
  explicit Router(std::uint64_t seed) : lines_{seed} {}
  Router() : Router{0} {}

  /// `boot`: what to add to `now` for the time since 1970; it counts where advertisements are signed.
  Actions step(const Event& event, Time now, Time boot = Time{0});
  /// When the next Tick is due.
  std::optional<Time> deadline() const;

  /// One virtual router as it is.
  struct Standing {
    Instance instance = {};
    Machine machine;
    Time since{0};
    std::string cause = "";
    State told = State::stopped;                         // what the last news said
    std::map<std::string, Time> faults = {};             // reasons, and since when
    std::optional<ipvs::Address> source = std::nullopt;  // what it speaks from
    std::optional<Time> lent_until = std::nullopt;
    Checksum peers_checksum = Checksum::pseudo_header;
    std::optional<ipvs::Address> master = std::nullopt;  // whom we heard last
    std::uint8_t master_priority = 0;
    std::optional<Time> rival = std::nullopt;         // another master was heard, last
    std::uint32_t rivalry = 0;                        // how often in a row
    std::optional<Time> contradicted = std::nullopt;  // its addresses were announced because of one, last
    bool laid = false;                                // its routes and rules are as its state wants them
    bool link_works = false;                          // its interface, when that has lasted long enough
    std::optional<Time> link_differs = std::nullopt;  // and has been otherwise since
    Counts counts = {};
    Senders senders = {};  // of signed advertisements
    Masters masters = {};
    std::optional<Time> suspected = std::nullopt;  // a partition, since: another master lives, but is not heard
    std::optional<Time> held = std::nullopt;       // a takeover that was due waits, since
    bool unsynced = false;                         // failback = when-synced holds it back, as was told
  };
  /// By name.
  const std::map<std::string, Standing>& instances() const { return instances_; }
  const std::array<std::uint64_t, drops>& stray() const { return stray_; }
  const Lines& lines() const { return lines_; }
  const Witnesses& witnesses() const { return witnesses_; }
  /// How a tracked thing fares; nothing: not known.
  std::optional<bool> well(const Track& track) const;
  /// Whether an address of an instance that has given way is still served here, for packets on their way.
  bool lends() const;
  /// What a successor has to know.
  Legacy legacy() const;
  /// After Stop: nothing of ours is left.
  bool finished() const { return stopping_ && holdings_.empty(); }

 private:
  void take(const Configured& event);
  void take(const Legacy& event);
  void take(const LinkIs& event);
  void take(const AddressIs& event);
  void take(const Received& event);
  void take(const Seen& event);
  void take(const Altered& event);
  void take(const Tracked& event);
  void take(const Switchover& event);
  void take(const Synced& event);
  void take(const LineHeard& event);
  void take(const Answered& event);
  void take(const HandOver& event);
  void take(const Tick& event);
  void take(const Stop& event);

  void configure(const Instance& instance);
  void take_steps(Standing& one, const Steps& steps);
  void take_step(Standing& one, const Say& say);
  void take_step(Standing& one, const Enter& enter);
  void take_step(Standing& one, const Rival& rival);
  void wake();
  void lead(const Standing& one);
  void join(Standing& one);
  void transmit(Standing& one, std::uint8_t priority);
  Terms terms(const Standing& one) const;
  bool decides_ties(const Standing& one) const;
  std::optional<ipvs::Address> source(const Instance& instance) const;

  Standing* find(const Received& event, std::uint8_t id);
  bool is_virtual(const std::string& interface) const;
  std::optional<Drop> objection(const Standing& one, const Received& event, const Heard& heard) const;
  std::optional<Drop> doubt(Standing& one, const Received& event, const Heard& heard) const;
  void drop(Standing* one, Drop reason, const Received& event);
  void compare(const Standing& one, const Received& event, const Advertisement& told);
  void hear(Standing& one, const Received& event, const Heard& heard);

  bool together(const Standing& one, const Standing& other) const;
  bool has_virtual_mac(const Instance& instance) const;
  std::set<std::string> reasons(const Standing& one) const;
  std::int32_t weight(const Standing& one) const;
  void look_at_faults();
  void tell_unsynced(Standing& one);
  void look_at_link(Standing& one);
  std::optional<Time> link_due(const Standing& one) const;
  void want_addresses(const Standing& one);
  void lay_when_held();
  void lay(Standing& one, bool wanted);
  void lay_anew(Standing& one, const Instance& before);
  void end_link_delays();
  void announce(const Standing& one);
  void announce(const Instance& instance, const Place& place);
  void forget(const Instance& instance, const Place& place);
  void announce_anew(const Standing& one, const Instance& before);
  const Standing* owner_of(const Place& place) const;
  void remove_leftover(const Place& place);
  void end_loans();
  void end_rivalries();
  void end_rivalry(Standing& one);
  void alter();
  void send_frames();
  void news(const Standing& one, News news);

  void configure_lines(const Configured& event);
  void attend_lines();
  std::vector<Word> words() const;
  void left(const Lines::Change& change, const std::string& line);
  bool listens_anew(const Standing& one) const;
  bool is_best(const Standing& one, std::uint64_t but) const;
  bool overdue(const Standing& one) const;
  bool lately(const Standing& one, std::optional<Time> time) const;
  bool vouched(const Standing& one, const Lines::Other& other) const;
  bool reaches_witnesses(const Standing& one) const;
  std::vector<Lines::Other> other_masters(const Standing& one) const;
  std::string grounds(const Standing& one, const std::vector<Lines::Other>& masters) const;
  bool waits(Standing& one);
  void suspect(Standing& one, const Lines::Other& other, bool holds);
  void look_at_suspicion(Standing& one);
  std::optional<Time> hold_end(const Standing& one) const;

  std::map<std::string, Standing> instances_ = {};
  std::map<std::string, Link> links_ = {};
  std::map<std::pair<Track::Kind, std::string>, bool> tracked_ = {};
  struct Owned {
    std::string instance = "";
    VirtualAddress address = {};
  };
  std::map<Place, Owned> owned_ = {};
  Holdings holdings_ = {};
  Announcer announcer_ = {};
  std::array<std::uint64_t, drops> stray_ = {};  // packets of no instance
  std::set<std::tuple<std::string, Drop, ipvs::Address>> told_ = {};
  std::set<std::tuple<std::string, Difference::Kind, ipvs::Address>> differing_ = {};
  std::map<Place, Time> contradicted_ = {};
  std::deque<std::pair<Time, Place>> returned_ = {};  // another host has it: until when it is still lent here
  Legacy legacy_ = {};                                // of a predecessor
  Lines lines_;
  Witnesses witnesses_ = {};
  struct Nap {
    Time length{0};
    Time end{0};
  };
  std::optional<Nap> nap_ = std::nullopt;  // the last one
  bool restless_ = false;                  // the lines are to say it at once
  bool stopping_ = false;
  bool synced_ = false;

  std::optional<Sequence> signed_ = std::nullopt;  // the last that was sent

  Time now_{0};           // of the step under way
  Time clock_{0};         // the same moment since 1970
  Actions actions_ = {};  // the same
};

}  // namespace keepalive::core::vrrp
