// Why something is as it is, and what comes next, in sentences.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/circumstances.hpp"
#include "core/engine.hpp"

namespace keepalive::core {

/// GET /v1/explain/OBJECT: "pool/server", a pool, a virtual server, a virtual router, or whatever find_server() finds.
/// {"object","state","since","lines":["…"]}. Error: nothing is called so, with what it could have been.
tl::expected<std::string, std::string> explain(const Engine& engine, const Circumstances& circumstances,
                                               const CountTable& counts, std::string_view object, Time now);

/// The services whose counters explain() and a server's status need; none for what is not found.
std::vector<ipvs::ServiceKey> concerned(const Config& config, std::string_view object);

}  // namespace keepalive::core
