// The sentences of `explain sync`.
#pragma once

#include "core/sentences.hpp"

namespace keepalive::core {

/// Of a configuration that has [sync].
Lines sync_lines(const Scene& scene);

}  // namespace keepalive::core
