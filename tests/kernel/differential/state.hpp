// Everything that IPVS holds in the current network namespace, as text to be compared. Read here by generic
// netlink and attribute by attribute, so that neither program under test nor libipvs++ has a say in it.
#pragma once

#include <string>

namespace differential {

/// Services (sorted) with their destinations (in the kernel's order), daemons and timeouts: a line each, every
/// attribute by name and bytes; counters only where they are not zero, rates not at all.
/// "no IPVS" where the kernel has none. Throws std::runtime_error when the kernel cannot be read.
std::string kernel_state();

}  // namespace differential
