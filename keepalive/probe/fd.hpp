// The file descriptor that closes itself, by the name that probes use.
#pragma once

#include "base/fd.hpp"

namespace keepalive::probe {

using base::Fd;

}  // namespace keepalive::probe
