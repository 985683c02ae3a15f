// Lines of ldirectord about one server: real=, fallback=.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "import/ldirectord_lines.hpp"
#include "import/site.hpp"

namespace keepalive::import {

inline constexpr std::size_t most_servers = 1000;  // of one line

/// The addresses from one to another, up to one more than most_servers.
std::vector<std::string> all_between(const Place& place);

/// What stands behind a real server's address.
struct RealLine {
  std::string forward = "";  // empty: not said
  std::uint64_t lower = 0;   // 0: no threshold
  std::uint64_t upper = 0;
  std::uint64_t weight = 1;
  std::optional<std::pair<std::string, std::string>> talk = {};  // request, receive
};
RealLine read_real(Desk& desk, const Node& node, std::string_view text);

/// Who serves when no other does.
struct Fallback {
  const Node* node = nullptr;
  Place place = {};
  std::string forward = "";
};
/// Nothing: there is none to be made of it.
std::optional<Fallback> read_fallback(Desk& desk, const Node& node);

}  // namespace keepalive::import
