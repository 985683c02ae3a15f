// A server of a pool, by index in the configuration.
#pragma once

#include <cstddef>

namespace keepalive::core {

struct ServerRef {
  std::size_t pool = 0;
  std::size_t server = 0;

  friend bool operator==(const ServerRef&, const ServerRef&) = default;
};

}  // namespace keepalive::core
