// A folder of the test's own, gone afterwards.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

class Folder {
 public:
  Folder() { ::mkdtemp(name_.data()); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(name_); }
  std::string file(const std::string& name) const { return name_ + "/" + name; }

 private:
  std::string name_ = "/tmp/keepalive-test-XXXXXX";
};
