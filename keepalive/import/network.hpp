// Addresses, routes and rules in the words of iproute2, as keepalived takes them, in our words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ipvs++/address.hpp"

namespace keepalive::import {

/// A line of ours, and what is different about it.
struct Converted {
  std::string text = "";  // empty: there is no such line
  std::vector<std::string> differs = {};
  std::string why = "";  // why there is none
};

/// "192.168.200.17/24 dev eth1 label eth1:1": a virtual address.
Converted convert_address(const std::vector<std::string>& words);
/// "src 10.0.0.1 to 10.1.0.0/16 via 10.0.0.254 dev eth1". `interface`: where it leads unless it says.
Converted convert_route(const std::vector<std::string>& words, const std::string& interface);
/// "from 10.0.0.0/24 table 1"; `priority`: the one that keepalived gives it unless it says.
Converted convert_rule(const std::vector<std::string>& words, std::uint32_t priority);

/// An address, or several: "10.0.0.1-9", "10.0.0.250-10.0.1.10", "10.0.0.8/29", as ranges of ours.
std::optional<std::vector<std::string>> convert_range(std::string_view text);
/// "10.0.0.1:80", "[fd00::1]:80"; without a port for 0.
std::string place_of(std::string_view addresses, const std::string& port);

}  // namespace keepalive::import
