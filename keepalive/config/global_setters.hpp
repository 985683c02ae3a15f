// Setters of [global], [ipvs] and [metrics] that no pattern of setters.hpp fits.
#pragma once

#include "config/schema.hpp"

namespace keepalive::config {

/// What is wrong with a pattern of paths; empty: nothing.
Fault include_fault(std::string_view value);
Fault set_include(Sink&, const Key&, std::string_view value);
Fault set_recipients(Sink& sink, const Key&, std::string_view value);
Fault set_marks(Sink& sink, const Key&, std::string_view value);
Fault set_path_marks(Sink& sink, const Key&, std::string_view value);
Fault set_sysctl(Sink& sink, const Key& key, std::string_view value);
Fault set_listen(Sink& sink, const Key&, std::string_view value);

}  // namespace keepalive::config
