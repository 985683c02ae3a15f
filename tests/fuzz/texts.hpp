// An input as files of a configuration.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/load.hpp"

namespace fuzz {

/// An input as files, separated by NUL: in the folder, the first is "k.conf", the next ones "1", "2", …
class Texts final : public keepalive::FileReader {
 public:
  explicit Texts(std::string_view bytes, std::string folder = "") : folder_{std::move(folder)} {
    std::string name = "k.conf";
    for (;;) {
      const std::size_t end = std::min(bytes.find('\0'), bytes.size());
      texts_[name] = bytes.substr(0, end);
      name = std::to_string(texts_.size());
      if (end == bytes.size()) return;
      bytes.remove_prefix(end + 1);
    }
  }
  tl::expected<std::string, std::string> read(const std::string& path) const override {
    const auto found = texts_.find(path.substr(path.rfind('/') + 1));
    if (found == texts_.end()) return tl::unexpected<std::string>{"not there"};
    return found->second;
  }
  tl::expected<std::string, std::string> read_secret(const std::string& path) const override { return read(path); }
  tl::expected<std::vector<std::string>, std::string> glob(const std::string& pattern) const override {
    std::vector<std::string> paths;
    for (const auto& [name, text] : texts_)
      if (pattern == folder_ + "*" || pattern == folder_ + name) paths.push_back(folder_ + name);
    return paths;
  }
  std::string identity(const std::string& path) const override { return path; }

 private:
  std::string folder_;
  std::map<std::string, std::string> texts_ = {};
};

}  // namespace fuzz
