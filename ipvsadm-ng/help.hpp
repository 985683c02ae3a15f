// What -h and -v print.
#pragma once

#include <string_view>

#include "grammar.hpp"
#include "output.hpp"

namespace ipvsadm {

/// `program`: the name it was called by.
void print_help(Output& out, std::string_view program, Dialect dialect);
void print_version(Output& out, Dialect dialect);

}  // namespace ipvsadm
