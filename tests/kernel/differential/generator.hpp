// Cases that nobody has to write: every command with every option and pair of options, every list with every
// small set of options, kinds of services times kinds of servers, and random sentences of the grammar (with a
// fixed seed).
#pragma once

#include <vector>

#include "case.hpp"

namespace differential {

std::vector<Case> generated_cases();

}  // namespace differential
