#include "core/closings.hpp"

#include <algorithm>
#include <array>

namespace keepalive::core {
namespace {

constexpr auto rows = std::to_array<Closing>({{"SERVER_DOWN", "SERVER_UP", true},
                                              {"QUORUM_LOST", "QUORUM_GAINED", true},
                                              {"PANIC", "PANIC_OVER", true},
                                              {"PROBER_LOST", "PROBER_BACK"},
                                              {"PROBER_SILENT", "PROBER_BACK"},
                                              {"PROBES_LATE", "PROBES_IN_TIME"},
                                              {"DRIFT_RECURS", "DRIFT_ENDS"},
                                              {"KERNEL_REFUSED", "KERNEL_ACCEPTED"},
                                              {"SETTING_REFUSED", "SETTING_ACCEPTED"},
                                              {"CHECK_UNABLE", "CHECK_ABLE"},
                                              {"RULES_REFUSED", "RULES_WRITTEN"},
                                              {"CONFIG_REFUSED", "CONFIG_LOADED"}});

}  // namespace

std::span<const Closing> closings() { return rows; }

const Closing* closing_of(std::string_view opens) {
  const auto* const row = std::ranges::find(rows, opens, &Closing::opens);
  return row == rows.end() ? nullptr : row;
}

}  // namespace keepalive::core
