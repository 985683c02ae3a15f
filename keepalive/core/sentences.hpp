// The sentences of `explain`: what is, why, and what comes next.
#pragma once

#include <string>
#include <vector>

#include "core/circumstances.hpp"
#include "core/engine.hpp"
#include "core/facts.hpp"

namespace keepalive::core {

using Lines = std::vector<std::string>;
void append(Lines& lines, Lines&& more);

/// All that a sentence may speak of.
struct Scene {
  const Engine& engine;
  const Circumstances& circumstances;
  const CountTable& counts;
  Users users = {};
  Time now{0};
};

Lines server_lines(const Scene& scene, ServerRef server);
Lines pool_lines(const Scene& scene, std::size_t pool);
/// Of its sorry server.
Lines sorry_lines(const Scene& scene, std::size_t pool);
/// Without its pool's.
Lines service_lines(const Scene& scene, const VirtualServer& service);

}  // namespace keepalive::core
