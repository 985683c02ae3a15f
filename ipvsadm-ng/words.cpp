#include "words.hpp"

#include <fmt/format.h>

#include <array>

namespace ipvsadm {
namespace {

struct FlagNames {
  std::string_view scheduler;  // empty: any other
  std::array<std::string_view, 3> names;
};
constexpr std::array<FlagNames, 3> flag_names = {{
    {"sh", {"sh-fallback", "sh-port", "flag-3"}},
    {"mh", {"mh-fallback", "mh-port", "flag-3"}},
    {"", {"flag-1", "flag-2", "flag-3"}},
}};

const std::array<std::string_view, 3>& names_for(std::string_view scheduler) {
  for (const FlagNames& row : flag_names)
    if (row.scheduler == scheduler) return row.names;
  return flag_names.back().names;
}

}  // namespace

std::string_view name(ipvs::TunnelType type) {
  switch (type) {
    case ipvs::TunnelType::ipip:
      return "ipip";
    case ipvs::TunnelType::gue:
      return "gue";
    default:
      return "gre";
  }
}

std::string text(ipvs::Netmask netmask, ipvs::Family family) {
  const std::uint32_t value = netmask.value;
  if (family == ipvs::Family::ipv6) return fmt::format("{}", value);
  return fmt::format("{}.{}.{}.{}", value >> 24U, value >> 16U & 255U, value >> 8U & 255U, value & 255U);
}

std::vector<std::string_view> scheduler_flag_names(const ipvs::Service& service) {
  constexpr std::array flags = {ipvs::ServiceFlag::sched1, ipvs::ServiceFlag::sched2, ipvs::ServiceFlag::sched3};
  const auto& names = names_for(service.scheduler);
  std::vector<std::string_view> given;
  for (std::size_t i = 0; i < flags.size(); ++i)
    if (service.flags.has(flags[i])) given.push_back(names[i]);
  return given;
}

std::string scheduler_flags(const ipvs::Service& service) {
  std::string joined;
  for (const std::string_view name : scheduler_flag_names(service)) {
    if (!joined.empty()) joined += ',';
    joined += name;
  }
  return joined;
}

}  // namespace ipvsadm
