// A value, or why not: the errno as the kernel gave it.
#pragma once

#include <tl/expected.hpp>

namespace keepalive::net {

template <class T>
using Outcome = tl::expected<T, int>;

}  // namespace keepalive::net
