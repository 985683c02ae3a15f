// Runs a program and keeps everything that can be seen of it. Made for User-Mode Linux, where fork is
// dear: posix_spawn (vfork inside), memory files instead of pipes.
#pragma once

#include <string>
#include <vector>

#include "case.hpp"

namespace differential {

struct Outcome {
  std::string out = {};
  std::string err = {};
  int exit = 0;
  int signal = 0;  ///< that ended it; 0: none. SIGALRM: it did not end in time

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Command {
  std::string path = {};
  std::vector<std::string> argv = {};
  Input input = Input::none;
  std::string input_text = {};
  Output output = Output::kept;
  bool closed_stderr = false;
  bool nobody = false;
};

/// Runs in the caller's namespaces, environment LANG=C and a PATH. Throws std::system_error if it cannot.
Outcome run(const Command& command);

}  // namespace differential
