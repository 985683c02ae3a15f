#include "config/lent.hpp"

#include <algorithm>
#include <array>
#include <variant>

namespace keepalive {
namespace {

bool takes_host(CheckType type) {
  constexpr auto others = std::to_array(
      {CheckType::tcp, CheckType::udp, CheckType::ping, CheckType::dns, CheckType::script, CheckType::file});
  return std::find(others.begin(), others.end(), type) == others.end();
}

}  // namespace

const ipvs::VipKey* vip_of(const VirtualServer& service) {
  if (!service.marked.empty()) return &service.marked.front();
  return service.keys.empty() ? nullptr : std::get_if<ipvs::VipKey>(&service.keys.front());
}

Lent lent_by(const VirtualServer& service, bool paths) {
  Lent lent{.host = service.host};
  const ipvs::VipKey* const vip = vip_of(service);
  if (vip != nullptr) lent.port = vip->endpoint.port;
  if (vip != nullptr && paths) lent.address = vip->endpoint.address;
  return lent;
}

bool through_path(const std::vector<std::size_t>& checks, const std::vector<Check>& all) {
  return std::any_of(checks.begin(), checks.end(), [&](std::size_t number) { return all[number].via == Via::path; });
}

std::string lent_host(const Check& check, const VirtualServer& service) {
  return check.host.empty() && takes_host(check.type) ? service.host : std::string{};
}

}  // namespace keepalive
