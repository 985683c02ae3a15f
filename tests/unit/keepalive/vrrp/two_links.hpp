// A host with two interfaces, its routers, and what is heard and done, for tests.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/vrrp/router.hpp"
#include "host.hpp"

namespace two_links {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Mac our_mac{2, 0, 0, 0, 0, 1};
constexpr Mac peers_mac{2, 0, 0, 0, 0, 2};
constexpr Time down_100{3'609'375};

inline ipvs::Address at(const std::string& text) { return *ipvs::Address::parse(text); }

inline Instance v1(std::uint8_t priority = 100, std::vector<std::string> addresses = {"10.0.0.100"}) {
  Instance one{.name = "v1", .interface = "eth0", .id = 51, .priority = priority};
  for (const std::string& address : addresses) one.addresses.push_back({.address = at(address), .prefix = 24});
  return one;
}

inline Instance v2(const std::string& group = "") {
  Instance one{.name = "v2", .interface = "eth1", .id = 52, .group = group};
  one.addresses = {{.address = at("10.1.0.100"), .prefix = 24}};
  return one;
}

inline Instance grouped(Instance one) {
  one.group = "g1";
  return one;
}

/// Both interfaces work, and we are 10.0.0.1 and 10.1.0.1.
inline Host host() {
  Host host;
  for (const char* interface : {"eth0", "eth1"}) host.step(LinkIs{interface, Link{.mac = our_mac, .works = true}}, {});
  host.put({"eth0", at("10.0.0.1")}, {});
  host.put({"eth1", at("10.1.0.1")}, {});
  return host;
}

/// The same, these configured and, after Master_Down, master.
inline Host master(const std::vector<Instance>& instances, Time now = seconds{10}) {
  Host one = host();
  one.step(Configured{instances}, {});
  one.run(now);
  for (const auto& [name, each] : one.router.instances()) REQUIRE(each.machine.state() == State::master);
  return one;
}

inline Received advert(std::uint8_t priority, const std::string& source = "10.0.0.2", std::uint8_t id = 51) {
  const Envelope envelope{.source = at(source), .destination = at("224.0.0.18")};
  const Advertisement told{.id = id, .priority = priority, .interval = seconds{1}, .addresses = {at("10.0.0.100")}};
  return {id == 51 ? "eth0" : "eth1", envelope, encode(told, envelope, Checksum::pseudo_header)};
}

inline std::string step(Host& host, const Event& event, Time now) { return text(host.step(event, now)); }

inline State state(const Host& host, const std::string& name = "v1") {
  return host.router.instances().at(name).machine.state();
}

inline std::uint64_t dropped(const Host& host, Drop reason) {
  return host.router.instances().at("v1").counts.dropped.at(static_cast<std::size_t>(reason));
}

/// Only the lines that begin so.
inline std::string only(const std::string& lines, std::string_view word) {
  std::string found;
  for (std::size_t from = 0, to = 0; from < lines.size(); from = to + 1) {
    to = lines.find('\n', from);
    if (lines.compare(from, word.size(), word) == 0) found += lines.substr(from, to - from + 1);
  }
  return found;
}

inline const std::string goodbye = "send eth0 10.0.0.1 > 224.0.0.18 id 51 priority 0\n";

}  // namespace two_links
