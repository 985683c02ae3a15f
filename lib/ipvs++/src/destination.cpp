#include "ipvs++/destination.hpp"

#include <ostream>
#include <string_view>

namespace ipvs {
inline namespace v0 {
namespace {

std::string_view name(Forwarding forwarding) {
  switch (forwarding) {
    case Forwarding::masquerade:
      return "masquerade";
    case Forwarding::local:
      return "local";
    case Forwarding::tunnel:
      return "tunnel";
    case Forwarding::direct_route:
      return "direct route";
    case Forwarding::bypass:
      return "bypass";
  }
  return "unknown forwarding";
}

std::string_view name(TunnelType type) {
  switch (type) {
    case TunnelType::ipip:
      return "ipip";
    case TunnelType::gue:
      return "gue";
    case TunnelType::gre:
      return "gre";
  }
  return "unknown type";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Destination& destination) {
  const auto& [endpoint, forwarding, weight, thresholds, tunnel] = destination;
  out << endpoint << ' ' << name(forwarding) << " weight " << weight;
  if (thresholds != Thresholds{}) out << " thresholds " << thresholds.upper << '/' << thresholds.lower;
  if (tunnel != Tunnel{}) out << ' ' << name(tunnel.type) << " port " << tunnel.port.value;
  if (!tunnel.flags.empty()) out << " flags " << tunnel.flags.bits();
  return out;
}

}  // namespace v0
}  // namespace ipvs
