// What fuzz targets share.
#pragma once

#include <cstdlib>

namespace fuzz {

inline void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace fuzz
