#include "sync/report.hpp"

namespace ipvs::sync {

std::string_view to_string(Resync resync) {
  constexpr std::array<std::string_view, 6> words{"none", "asked", "waits", "runs", "done", "refused"};
  return words.at(static_cast<std::size_t>(resync));
}

}  // namespace ipvs::sync
