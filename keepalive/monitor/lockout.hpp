// Who guesses passwords waits: longer each time, by the name that is tried and by the address that tries. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/verdict.hpp"
#include "ipvs++/address.hpp"

namespace keepalive::monitor {

using core::Time;

/// What an address counts as: itself; of IPv6, its /64, since who has one address has them all.
std::string origin(const ipvs::Address& address);
/// What is around an origin: its /24, of IPv6 its /48, which one guesser may well have to himself.
std::string neighbourhood(const std::string& origin);

class Lockout {
 public:
  static constexpr unsigned free_tries = 5;
  static constexpr unsigned fresh_tries = 3;
  static constexpr std::size_t most_remembered = 4096;  // names, and as many addresses
  static constexpr unsigned most_at_once = 2;           // tries of one address that are being looked at
  static constexpr unsigned most_around_at_once = 8;    // of one neighbourhood: others are looked at, too

  /// How long this name must not be tried from there; 0: it may. Nobody locks a user out for good: an address from
  /// which he came in before does not suffer for what others try, nor do the first tries of a neighbourhood.
  Time wait(const std::string& user, const std::string& from, Time now) const;
  /// A try begins; one of failed() or passed() ends it.
  void begins(const std::string& from);
  void failed(const std::string& user, const std::string& from, Time now);
  void passed(const std::string& user, const std::string& from, Time now);
  /// A try that nobody looked at.
  void ends(const std::string& from);

  std::size_t remembered() const { return users_.size() + origins_.size() + neighbourhoods_.size() + trusted_.size(); }

 private:
  struct Entry {
    unsigned failures = 0;
    Time until = {};
    Time last = {};
  };
  using Entries = std::map<std::string, Entry>;
  static void count(Entries& entries, const std::string& key, Time now);
  bool too_many_run(const std::string& from) const;

  Entries users_ = {};
  Entries origins_ = {};
  Entries neighbourhoods_ = {};
  std::map<std::string, unsigned> running_ = {};  // of an origin, of a neighbourhood
  std::map<std::string, Time> trusted_ = {};      // user and address: when he came in last
};

}  // namespace keepalive::monitor
