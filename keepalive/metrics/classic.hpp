// OpenMetrics 1.0 as the text format that came before it (version 0.0.4), which promtool and old scrapers read. Pure.
#pragma once

#include <string>
#include <string_view>

namespace keepalive::metrics {

/// The samples stay as they are; what is said of their families is put in the words of that format.
std::string classic(std::string_view open_metrics);

}  // namespace keepalive::metrics
