// The words for values that lists, rules and JSON share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipvs++/daemon.hpp"
#include "ipvs++/destination.hpp"
#include "ipvs++/service.hpp"

namespace ipvsadm {

/// "ipip", "gue", "gre".
std::string_view name(ipvs::TunnelType type);
/// "master", "backup".
std::string_view name(ipvs::DaemonRole role);
std::optional<ipvs::TunnelType> read_tunnel_type(std::string_view word);
std::optional<ipvs::DaemonRole> read_role(std::string_view word);

/// One word of -b.
struct FlagWord {
  std::string_view word;
  ipvs::ServiceFlag flag;
  std::string_view scheduler;  // the only one that it goes with; empty: any
};
/// Null: no such word.
const FlagWord* find_flag_word(std::string_view word);
/// "255.255.255.0" or "64".
std::string text(ipvs::Netmask netmask, ipvs::Family family);
/// The names of the scheduler's flags as -b takes them: {"sh-fallback", "sh-port"}.
std::vector<std::string_view> scheduler_flag_names(const ipvs::Service& service);
/// The same with commas: "sh-fallback,sh-port", or nothing.
std::string scheduler_flags(const ipvs::Service& service);

}  // namespace ipvsadm
