// What -h and -v print.
#pragma once

#include "grammar.hpp"
#include "output.hpp"

namespace ipvsadm {

void print_help(Output& out, Dialect dialect);
void print_version(Output& out, Dialect dialect);

}  // namespace ipvsadm
