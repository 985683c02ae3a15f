// The page: the files of assets/, put into the program when it is built.
#pragma once

#include <span>
#include <string_view>

namespace keepalive::monitor {

struct Asset {
  std::string_view path;  // "/js/cluster.js"
  std::string_view text;
};
std::span<const Asset> assets();

}  // namespace keepalive::monitor
