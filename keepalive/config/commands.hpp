// Every program that a configuration names, in one order: launcher and director know a program by its number.
#pragma once

#include <cstddef>
#include <vector>

#include "config/model.hpp"

namespace keepalive {

std::vector<const Command*> commands(const Config& config);
/// `command` must be part of `config`.
std::size_t command_number(const Config& config, const Command& command);

}  // namespace keepalive
