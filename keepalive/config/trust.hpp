// What a configuration gives to others of root's: programs that run, and who may do how much through the monitor. Texts
// that come by the API may not widen it unless [monitor] trust_edits says so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"

namespace keepalive {

/// Whether its [monitor] says so.
bool trusts_edits(const Config& config);

struct Overreach {
  std::string text = "";                // a sentence
  std::string key = "";                 // of [monitor]; empty: a program, wherever it stands
  std::vector<std::string> words = {};  // what its value is; of a key: starts with
};
/// What `after` gives that `before` does not; the first of it. A program counts with its arguments and its user.
std::optional<Overreach> overreach(const Config& before, const Config& after);

}  // namespace keepalive
