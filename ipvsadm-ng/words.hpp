// The words for values that lists, rules and JSON share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ipvs++/destination.hpp"
#include "ipvs++/service.hpp"

namespace ipvsadm {

/// "ipip", "gue", "gre".
std::string_view name(ipvs::TunnelType type);
/// "255.255.255.0" or "64".
std::string text(ipvs::Netmask netmask, ipvs::Family family);
/// The names of the scheduler's flags as -b takes them: {"sh-fallback", "sh-port"}.
std::vector<std::string_view> scheduler_flag_names(const ipvs::Service& service);
/// The same with commas: "sh-fallback,sh-port", or nothing.
std::string scheduler_flags(const ipvs::Service& service);

}  // namespace ipvsadm
