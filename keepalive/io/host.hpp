// What the host is like: the facts that core/doctor.hpp looks at.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/doctor.hpp"

namespace keepalive::io {

/// The interfaces that have the addresses from which we would talk to these servers; an empty one: there is a server to
/// which there is no way.
std::set<std::string> interfaces_towards(const std::set<ipvs::Address>& servers);

/// Tells the kernel's table that we work on from that of another boot or network namespace.
std::string table_name();

struct InterfaceFacts {
  std::uint32_t mtu = 0;
  bool ipv4 = false;  // it has an address of IPv4
};
/// Nothing: there is no such interface.
std::optional<InterfaceFacts> look_at_interface(const std::string& name);

core::HostFacts host_facts(const core::Questions& questions);

}  // namespace keepalive::io
