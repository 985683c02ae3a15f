// Setters of [pool] that no pattern of setters.hpp fits.
#pragma once

#include "config/schema.hpp"

namespace keepalive::config {

Fault set_checks(Sink& sink, const Key&, std::string_view value);
Fault set_require(Sink& sink, const Key&, std::string_view value);
Fault add_server(Sink& sink, const Key&, std::string_view value);
Fault set_sorry(Sink& sink, const Key&, std::string_view value);

}  // namespace keepalive::config
