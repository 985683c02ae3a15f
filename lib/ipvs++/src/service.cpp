#include "ipvs++/service.hpp"

#include <ostream>

#include "protocols.hpp"

namespace ipvs {
inline namespace v0 {

Family family(const ServiceKey& key) {
  if (const auto* mark = std::get_if<FwmarkKey>(&key)) return mark->family;
  return std::get<VipKey>(key).endpoint.address.family();
}

std::string to_string(Protocol protocol) {
  const std::string_view name = protocol_name(protocol);
  return name.empty() ? std::to_string(static_cast<unsigned>(protocol)) : std::string{name};
}

std::string to_string(const ServiceKey& key) {
  if (const auto* mark = std::get_if<FwmarkKey>(&key)) {
    return "FWM " + std::to_string(mark->mark.value) + (mark->family == Family::ipv6 ? " IPv6" : "");
  }
  const auto& vip = std::get<VipKey>(key);
  return to_string(vip.protocol) + " " + to_string(vip.endpoint);
}

std::ostream& operator<<(std::ostream& out, const ServiceKey& key) { return out << to_string(key); }

std::ostream& operator<<(std::ostream& out, const Service& service) {
  out << service.key << ' ' << service.scheduler;
  if (!service.flags.empty()) out << " flags " << service.flags.bits();
  if (service.persistence) out << " persistent " << service.persistence->count();
  if (service.netmask) out << " mask " << service.netmask->value;
  if (!service.persistence_engine.empty()) out << " pe " << service.persistence_engine;
  return out;
}

}  // namespace v0
}  // namespace ipvs

std::size_t std::hash<ipvs::ServiceKey>::operator()(const ipvs::ServiceKey& key) const noexcept {
  if (const auto* mark = std::get_if<ipvs::FwmarkKey>(&key)) {
    return std::hash<std::uint64_t>{}(std::uint64_t{mark->mark.value} << 8U | static_cast<unsigned>(mark->family));
  }
  const auto* vip = std::get_if<ipvs::VipKey>(&key);
  return std::hash<ipvs::Endpoint>{}(vip->endpoint) * 31 + static_cast<unsigned>(vip->protocol);
}
