// What two texts differ in, as diff -u shows it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace keepalive::ctl {

/// With three lines around each change, below "--- before" and "+++ after"; empty: nothing.
std::string difference(std::string_view before_name, std::string_view before, std::string_view after_name,
                       std::string_view after);

}  // namespace keepalive::ctl
