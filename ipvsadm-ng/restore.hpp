// ipvsadm -R: every line of standard input is a command line. Edits go to the kernel in batches.
#pragma once

#include "rule_reader.hpp"
#include "session.hpp"

namespace ipvsadm {

inline constexpr int standard_input = 0;

Exit restore(Session& session, int descriptor, Comments comments);

}  // namespace ipvsadm
