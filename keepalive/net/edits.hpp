// Edits of the kernel's network configuration. All are synchronous: the kernel has done them when a call returns. Many
// go down in one message; each has its answer of its own.
//
//   auto edits = Edits::open();
//   const auto answers = edits->add(addresses, 2ms);           for the first of them, as many as 2 ms allow
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "net/outcome.hpp"
#include "net/values.hpp"

namespace keepalive::net {
namespace netlink {
class Requests;
}

/// An errno for each, in order; 0: it is as wanted, perhaps was so before.
using Answers = std::vector<int>;

/// How long a call may take.
using Budget = std::chrono::steady_clock::duration;

/// What virtual MACs ask of the interface below: it must not answer ARP for addresses that it does not hold itself.
struct ArpSettings {
  std::uint32_t ignore = 0;
  std::uint32_t filter = 0;

  friend bool operator==(const ArpSettings&, const ArpSettings&) = default;
};
constexpr ArpSettings below_virtual_mac{1, 1};

struct Macvlan {
  std::string name = "";  // at most 15 characters
  Mac mac = {};           // 00:00:5e:00:01:ID, or …:02:ID for IPv6
  Index lower = 0;
  Index master = 0;        // a VRF that it belongs to
  std::string alias = "";  // a note that whoever finds it can read
};

class Edits {
 public:
  /// Needs CAP_NET_ADMIN for all that follows. Errors: those of socket(2).
  static Outcome<Edits> open();
  Edits(Edits&&) noexcept;
  Edits& operator=(Edits&&) noexcept;
  ~Edits();

  /// Adds as many as the budget allows, in order, at least 16; the answers are for those.
  /// Cost: the kernel walks all addresses of an interface for each new one, so that the cost of 16 grows with their
  /// number. In the lab kernel an IPv4 /32 takes some 10 µs at first and 0.3 ms when 16,000 are there, half of that where
  /// they share a subnet; an IPv6 address takes more, for its multicast group: 0.3 ms when 2,000 are there.
  /// Errors: ENODEV no such interface; EINVAL; EACCES IPv6 is switched off there.
  Answers add(std::span<const InterfaceAddress> addresses, Budget budget);
  /// Cost: like add(). An address, or an interface, that is not there is no error.
  Answers remove(std::span<const HeldAddress> addresses, Budget budget);

  /// Routes and rules, about 10 µs each (30 µs in the lab kernel): give at most 128. A route that is there already in
  /// this very form counts as added. Errors: EEXIST another route has its destination, table and metric; ENETUNREACH
  /// the gateway is not reachable; ENODEV; EINVAL. Of a rule EEXIST says that it is there already.
  Answers add(std::span<const Route> routes);
  Answers remove(std::span<const Route> routes);
  Answers add(std::span<const Rule> rules);
  Answers remove(std::span<const Rule> rules);

  /// Makes a private macvlan that is up, without addresses of its own making, and returns its index; one of that name,
  /// MAC and interface that is there already is taken as it is, with its alias. It answers ARP for its own addresses only, and takes
  /// packets whatever the way back to their source is. Cost: a few ms (the kernel waits for its readers).
  /// Errors: EEXIST the name is another link's; ENODEV; EBUSY the lower one belongs to a bridge; EOPNOTSUPP.
  Outcome<Index> add(const Macvlan& link);
  /// Removes a link with all its addresses; one that is not there is no error. Cost: some 10 ms in the kernel.
  Outcome<void> remove_link(Index link);

  /// Errors: ENODEV.
  Outcome<ArpSettings> arp_settings(Index link);
  Outcome<void> set_arp_settings(Index link, const ArpSettings& settings);

 private:
  explicit Edits(std::unique_ptr<netlink::Requests> requests);
  std::unique_ptr<netlink::Requests> requests_;
};

}  // namespace keepalive::net
