// What the host is like: the facts that core/doctor.hpp looks at.
#pragma once

#include "core/doctor.hpp"

namespace keepalive::io {

core::HostFacts host_facts(const std::vector<std::string>& sysctls);

}  // namespace keepalive::io
