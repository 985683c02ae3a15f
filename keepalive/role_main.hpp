// How every process begins that the launcher starts beside the director: options, log, signals, and rights given up.
#pragma once

#include <string>
#include <vector>

#include "options.hpp"

namespace keepalive {

struct Beginning {
  std::string program = "";                          // keepalive-prober
  std::vector<int> ignored = {};                     // signals, beside those that are nobody's
  std::vector<std::string> users = {};               // the first that exists
  std::vector<int> capabilities = {};                // that it keeps
  void (*before)(const Options& options) = nullptr;  // with all rights still
};

/// Becomes what `beginning` says and runs the role. Returns the exit code.
int role_main(int argc, const char* const* argv, const Beginning& beginning, int (*run)(const Options& options));

}  // namespace keepalive
