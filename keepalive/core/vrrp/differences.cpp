#include "core/vrrp/differences.hpp"

#include <fmt/format.h>

#include <set>

namespace keepalive::core::vrrp {
namespace {

using Kind = Difference::Kind;
using Addresses = std::vector<ipvs::Address>;

std::int64_t ms(Time time) { return std::chrono::duration_cast<std::chrono::milliseconds>(time).count(); }

/// One that the first has and the second has not; nothing: there is none.
std::optional<ipvs::Address> missing(const Addresses& has, const Addresses& has_not) {
  const std::set<ipvs::Address> known{has_not.begin(), has_not.end()};
  for (const ipvs::Address& one : has)
    if (!known.contains(one)) return one;
  return std::nullopt;
}

}  // namespace

bool is_link_local(const ipvs::Address& address) {
  return address.family() == ipvs::Family::ipv6 && address.bytes()[0] == 0xfe && (address.bytes()[1] & 0xc0U) == 0x80;
}

std::vector<Difference> differences(const Instance& instance, const Addresses& ours, const Advertisement& told) {
  std::vector<Difference> list;
  if (told.interval != instance.advertise)
    list.push_back({Kind::interval, fmt::format("it advertises every {} ms, we every {} ms", ms(told.interval),
                                                ms(instance.advertise))});
  if (const auto theirs = missing(told.addresses, ours))
    list.push_back({Kind::addresses, fmt::format("it has {}, which we do not", to_string(*theirs))});
  else if (const auto only_ours = missing(ours, told.addresses))
    list.push_back({Kind::addresses, fmt::format("we have {}, which it does not", to_string(*only_ours))});
  if (told.priority == owner && instance.priority == owner)
    list.push_back({Kind::second_owner, "both have priority 255, that of the addresses' only owner"});
  if (instance.family == ipvs::Family::ipv6 && !told.addresses.empty() && !is_link_local(told.addresses.front()))
    list.push_back(
        {Kind::link_local, fmt::format("its first address {} is not link-local", to_string(told.addresses.front()))});
  return list;
}

}  // namespace keepalive::core::vrrp
