#include "core/path_advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>
#include <vector>

namespace keepalive::core {
namespace {

/// In the order of ipvs::TunnelType: as examples/server/setup calls it, and the devices that take its packets.
struct Ends {
  std::string_view mode;
  std::string_view device;
  std::string_view device6;
};
constexpr std::array tunnel_ends{Ends{"ipip", "tunl0", "ip6tnl0"}, Ends{"gue", "tunl0", "ip6tnl0"},
                                 Ends{"gre", "gre0", "ip6gre0"}};

std::vector<std::string> addresses(const VirtualServer& service) {
  std::vector<std::string> all;
  const auto add = [&](const ipvs::VipKey& key) { all.push_back(to_string(key.endpoint.address)); };
  for (const ipvs::ServiceKey& key : service.keys)
    if (const auto* const vip = std::get_if<ipvs::VipKey>(&key)) add(*vip);
  std::ranges::for_each(service.marked, add);
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// What keeps it: `which` are the service's addresses, `device` takes tunnelled packets; direct routing has none.
std::string lack(std::string_view which, std::string_view device, ipvs::Port gue, bool refused) {
  if (device.empty() && !refused) return fmt::format("it lacks {} on lo", which);
  if (!refused) return fmt::format("it lacks {} on {}, or strict rp_filter drops what comes there", which, device);
  if (device.empty()) return fmt::format("nothing listens at {} there", which);
  return fmt::format("{} is not up there{}, or nothing listens at {}", device,
                     gue.value == 0 ? "" : fmt::format(", or `ip fou' has no port {}", gue.value), which);
}

}  // namespace

std::string path_advice(const VirtualServer& service, const ipvs::Address& server, std::string_view evidence) {
  const auto vips = addresses(service);
  const bool direct = service.forwarding == ipvs::Forwarding::direct_route;
  const bool refused = evidence.starts_with("connection refused");
  if (vips.empty() || !(direct || service.forwarding == ipvs::Forwarding::tunnel)) return {};
  if (!refused && !evidence.starts_with("no answer")) return {};

  const Ends& its = tunnel_ends.at(static_cast<std::size_t>(service.tunnel.type));
  const bool gue = !direct && service.tunnel.type == ipvs::TunnelType::gue;
  const ipvs::Port port = gue ? service.tunnel.port : ipvs::Port{};
  const bool v6 = server.family() == ipvs::Family::ipv6;
  const bool alike = v6 == (vips.front().find(':') != std::string::npos);
  const std::string which = fmt::format("{}", fmt::join(vips, " "));
  const std::string_view device = direct ? "" : v6 ? its.device6 : alike ? its.device : "sit0";
  std::string text = "a server's side: " + lack(which, device, port, refused);
  if (alike)
    text += fmt::format("; there, `examples/server/setup check {}{} {}' tells which", direct ? "dr" : its.mode,
                        gue ? fmt::format(":{}", port.value) : "", which);
  return text;
}

}  // namespace keepalive::core
