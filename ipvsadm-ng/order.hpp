// The order of lists: services by mark, family, protocol, address and port; servers by address and port.
#pragma once

#include "ipvs++/destination.hpp"
#include "ipvs++/service.hpp"

namespace ipvsadm {

bool listed_before(const ipvs::ServiceKey& one, const ipvs::ServiceKey& other);
bool listed_before(const ipvs::ServiceEntry& one, const ipvs::ServiceEntry& other);
bool listed_before(const ipvs::DestinationEntry& one, const ipvs::DestinationEntry& other);

}  // namespace ipvsadm
