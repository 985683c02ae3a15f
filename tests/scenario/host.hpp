// A host for tests of VRRP: a Router, and a kernel's addresses that its wishes are carried out on. And actions as
// lines of text, as transcripts show them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/vrrp/router.hpp"

namespace keepalive::core::vrrp {

/// send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 100
/// add eth0 10.0.0.100          remove lo 10.0.0.100
/// announce eth0 10.0.0.100     more than three addresses: their number
/// lay v1 1 routes 2 rules      withdraw v1 1 routes 2 rules
/// VRRP_MASTER v1: its cause
std::string text(const Action& action);
/// A line each.
std::string text(const Actions& actions);
std::string text(const Event& event);

class Host {
 public:
  /// Takes an event, carries out what the router wants, and tells it of the outcome. Returns all actions.
  Actions step(const Event& event, Time now);
  /// Steps at each deadline until then; returns all actions.
  Actions run(Time until);
  /// Somebody else adds or removes an address.
  Actions put(const Place& place, Time now);
  Actions take_away(const Place& place, Time now);
  bool has(const std::string& interface, const ipvs::Address& address) const {
    return addresses.contains({interface, address});
  }

  Router router = {};
  std::set<Place> addresses = {};
  std::map<Place, int> refusals = {};  // errno of each edit of a place
  bool notifies = true;                // the kernel tells of each change, after its answer

 private:
  Altered carry_out(const Alter& order);
};

}  // namespace keepalive::core::vrrp
