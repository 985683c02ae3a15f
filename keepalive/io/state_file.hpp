// The file of what must survive a restart: written whole now and then, lines appended in between (core/saved.hpp).
#pragma once

#include <string>

namespace keepalive::io {

class StateFile {
 public:
  explicit StateFile(std::string path) : path_{std::move(path)} {}
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;
  ~StateFile();

  /// Empty when there is none.
  std::string read() const;
  /// Replaces it in one step. False: errno tells why.
  bool replace(const std::string& text);
  bool append(const std::string& lines);

 private:
  std::string path_;
  int fd_ = -1;
};

/// Writes beside the file and renames: a reader finds the old text or the new one.
bool write_file(const std::string& path, const std::string& text);
/// Nothing when it cannot be read.
std::string read_file(const std::string& path);

}  // namespace keepalive::io
