// Two directors with a group each, whose packets all take the same time: who of two groups of one priority is master.
#include <doctest/doctest.h>

#include <deque>
#include <string>

#include "core/vrrp/router.hpp"
#include "host.hpp"

namespace groups_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr Time latency{200};

ipvs::Address at(const std::string& text) { return *ipvs::Address::parse(text); }

Instance instance(const std::string& name, const std::string& interface, std::uint8_t id) {
  const std::string address = interface == "eth0" ? "10.0.0.100" : "10.1.0.100";
  return {.name = name,
          .interface = interface,
          .id = id,
          .addresses = {{.address = at(address), .prefix = 24}},
          .group = "g"};
}

/// On eth0 the second one has the higher address, on eth1 the first.
struct Wire {
  Wire() {
    for (std::size_t i = 0; i < 2; ++i) {
      for (const char* interface : {"eth0", "eth1"}) hosts[i].step(LinkIs{interface, Link{.works = true}}, {});
      hosts[i].put({"eth0", at(i == 0 ? "10.0.0.1" : "10.0.0.2")}, {});
      hosts[i].put({"eth1", at(i == 0 ? "10.1.0.2" : "10.1.0.1")}, {});
      hosts[i].step(Configured{{instance("v1", "eth0", 51), instance("v2", "eth1", 52)}}, {});
    }
  }

  /// One after the other, a packet or a tick at a time.
  void run(Time until) {
    for (;;) {
      Time next = until;
      for (const Host& one : hosts) next = std::min(next, one.router.deadline().value_or(until));
      if (!packets.empty()) next = std::min(next, packets.front().at);
      if (next >= until) return;
      if (!packets.empty() && packets.front().at <= next) {
        const Packet packet = packets.front();
        packets.pop_front();
        carry(packet.to, hosts[packet.to].step(packet.received, next), next);
        continue;
      }
      for (std::size_t i = 0; i < 2; ++i)
        if (hosts[i].router.deadline().value_or(until) <= next) carry(i, hosts[i].step(Tick{}, next), next);
    }
  }

  std::string masters() const {
    std::string list;
    for (std::size_t i = 0; i < 2; ++i)
      for (const auto& [name, one] : hosts[i].router.instances())
        if (one.machine.state() == State::master) list += std::to_string(i) + name + " ";
    return list;
  }

  bool cut = false;

 private:
  struct Packet {
    Time at{0};
    std::size_t to = 0;
    Received received = {};
  };

  void carry(std::size_t from, const Actions& actions, Time now) {
    for (const Action& action : actions)
      if (const auto* sent = std::get_if<Transmit>(&action); sent != nullptr && !cut)
        packets.push_back({now + latency, 1 - from, {sent->interface, sent->envelope, sent->bytes}});
  }

  std::array<Host, 2> hosts = {};
  std::deque<Packet> packets = {};
};

}  // namespace

TEST_CASE("groups of one priority whose addresses are ordered otherwise on each interface agree, in step or not") {
  for (const bool parted : {false, true}) {
    CAPTURE(parted);
    Wire wire;
    wire.cut = parted;
    wire.run(seconds{60});
    wire.cut = false;
    wire.run(seconds{70});
    const std::string masters = wire.masters();
    CHECK((masters == "0v1 0v2 " || masters == "1v1 1v2 "));
    wire.run(seconds{100});
    CHECK(wire.masters() == masters);
  }
}

}  // namespace groups_test
