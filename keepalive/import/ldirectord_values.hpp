// What stands behind `=` in ldirectord.cf: numbers, yes and no, texts in quotes. What is none of them is remarked on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/site.hpp"

namespace keepalive::import {

/// Of all services, or of one; nothing: not said. Times in seconds.
struct Pace {
  std::optional<std::uint64_t> check_timeout = {};
  std::optional<std::uint64_t> negotiate_timeout = {};
  std::optional<std::uint64_t> interval = {};
  std::optional<std::uint64_t> failures = {};
  std::optional<std::uint64_t> count = {};
};

std::string unquoted(std::string_view text);
/// The first digits, which are all that ldirectord reads. Nothing: they are no number within the bounds; `stands` says
/// what counts instead.
std::optional<std::uint64_t> read_count(Desk& desk, const Node& node, std::uint64_t low, std::uint64_t high,
                                        std::string_view stands);
/// Nothing: another word, with which ldirectord does not start.
std::optional<bool> read_yes(Desk& desk, const Node& node, std::string_view stands);
/// checktimeout and its like. `outer`: what else counts before ldirectord's default.
void take_amount(Desk& desk, const Node& node, Pace& pace, std::string_view outer);
/// A program by its whole path, with arguments. Nothing: it is none.
std::optional<std::vector<std::string>> read_program(Desk& desk, const Node& node);
/// Addresses with commas between them; one that is none is left out. Nothing: none is left.
std::optional<std::string> read_recipients(Desk& desk, const Node& node);

}  // namespace keepalive::import
