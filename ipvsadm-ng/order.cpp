#include "order.hpp"

#include <tuple>

namespace ipvsadm {

bool listed_before(const ipvs::ServiceKey& one, const ipvs::ServiceKey& other) {
  const auto order = [](const ipvs::ServiceKey& key) {
    const auto* mark = std::get_if<ipvs::FwmarkKey>(&key);
    const ipvs::VipKey vip = mark ? ipvs::VipKey{} : std::get<ipvs::VipKey>(key);
    return std::tuple{mark ? mark->mark.value : 0, family(key), vip};
  };
  return order(one) < order(other);
}

bool listed_before(const ipvs::ServiceEntry& one, const ipvs::ServiceEntry& other) {
  return listed_before(one.service.key, other.service.key);
}

bool listed_before(const ipvs::DestinationEntry& one, const ipvs::DestinationEntry& other) {
  return one.destination.endpoint < other.destination.endpoint;
}

}  // namespace ipvsadm
