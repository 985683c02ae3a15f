// Every program that a configuration names, in one order: launcher and director know a program by its number.
#pragma once

#include <vector>

#include "config/model.hpp"

namespace keepalive {

std::vector<const Command*> commands(const Config& config);

}  // namespace keepalive
