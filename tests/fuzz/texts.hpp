// An input as files of a configuration.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "../unit/keepalive/config/memory.hpp"

namespace fuzz {

/// An input as files, separated by NUL: the first is "/k.conf", the next ones "/1", "/2", …
inline keepalive::test::Texts texts(std::string_view bytes) {
  std::map<std::string, std::string> texts;
  std::string name = "/k.conf";
  for (;;) {
    const std::size_t end = std::min(bytes.find('\0'), bytes.size());
    texts[name] = bytes.substr(0, end);
    name = "/" + std::to_string(texts.size());
    if (end == bytes.size()) return keepalive::test::Texts{std::move(texts)};
    bytes.remove_prefix(end + 1);
  }
}

}  // namespace fuzz
