// Keywords of keepalived.conf(5) that become nothing, and what there is to say about each.
#pragma once

#include <span>

#include "import/site.hpp"

namespace keepalive::import {

std::span<const Said> said_globally();
/// Beside blocks, at the top of the file.
std::span<const Said> said_at_top();
std::span<const Said> said_of_instances();
std::span<const Said> said_of_groups();
std::span<const Said> said_of_scripts();
std::span<const Said> said_of_services();
std::span<const Said> said_of_servers();
std::span<const Said> said_of_checks();

}  // namespace keepalive::import
