#include "secret.hpp"

#include <fmt/format.h>

#include <utility>

namespace ipvs::sync {

tl::expected<std::string, std::string> secret_of(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  if (text.size() >= shortest_secret) return text;
  return tl::unexpected{
      fmt::format("the key has {} bytes, it wants {} or more: head -c 32 /dev/urandom | base64 > FILE", text.size(),
                  shortest_secret)};
}

}  // namespace ipvs::sync
