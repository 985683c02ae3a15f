// The command line to a Command. Commands are a table: parse() and help() loop over it.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "command.hpp"

namespace keepalive::ctl {

/// `words`: without the program's name. Error: one line for the user.
tl::expected<Command, std::string> parse(const std::vector<std::string>& words);

/// What --help prints.
std::string help();

}  // namespace keepalive::ctl
