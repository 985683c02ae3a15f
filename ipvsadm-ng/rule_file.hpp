// A whole rule file as a table: what --plan and --apply want the kernel to hold.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "grammar.hpp"
#include "ipvs++/table.hpp"

namespace ipvsadm {

/// Reads rules as save prints them (-A and -a lines, comments that begin with #). `name` stands in complaints:
/// all of them come back, each with file and line. A file without any rule is a fault too.
tl::expected<ipvs::Table, std::vector<std::string>> read_rules(int descriptor, const std::string& name);

}  // namespace ipvsadm
