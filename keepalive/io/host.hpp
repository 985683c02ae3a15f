// What the host is like: the facts that core/doctor.hpp looks at.
#pragma once

#include "core/doctor.hpp"

namespace keepalive::io {

/// The interface that has the address from which we would talk to a server; empty: there is no way.
std::string interface_towards(const ipvs::Address& server);

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
