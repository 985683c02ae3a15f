// Files in memory, for whoever reads a configuration.
#pragma once

#include <fnmatch.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "config/load.hpp"

namespace keepalive::test {

class Texts final : public FileReader {
 public:
  explicit Texts(std::map<std::string, std::string> texts) : texts_{std::move(texts)} {}
  tl::expected<std::string, std::string> read(const std::string& path) const override {
    const auto found = texts_.find(path);
    if (found == texts_.end()) return tl::unexpected<std::string>{"No such file or directory"};
    return found->second;
  }
  tl::expected<std::string, std::string> read_secret(const std::string& path) const override { return read(path); }
  tl::expected<std::vector<std::string>, std::string> glob(const std::string& pattern) const override {
    std::vector<std::string> paths;
    for (const auto& [path, text] : texts_)
      if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0) paths.push_back(path);
    return paths;
  }
  std::string identity(const std::string& path) const override { return path; }

 private:
  std::map<std::string, std::string> texts_;
};

}  // namespace keepalive::test
