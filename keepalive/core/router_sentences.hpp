// The sentences of `explain` on a virtual router.
#pragma once

#include "core/sentences.hpp"

namespace keepalive::core {

Lines router_lines(const Scene& scene, const Vrrp& router);

}  // namespace keepalive::core
