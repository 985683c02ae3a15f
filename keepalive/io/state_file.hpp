// The file of what must survive a restart: written whole now and then, lines appended in between (core/saved.hpp).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keepalive::io {

class StateFile {
 public:
  explicit StateFile(std::string path) : path_{std::move(path)} {}
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;
  ~StateFile();

  const std::string& path() const { return path_; }
  /// Empty when there is none.
  std::string read() const;
  /// Replaces it in one step. False: errno tells why.
  bool replace(const std::string& text);
  /// False: errno tells why, or nothing was ever replaced; no line is half there for a reader that takes whole ones.
  bool append(const std::string& lines);
  /// It is several times as long as it need be: time to replace it.
  bool worn() const;

 private:
  void close();

  std::string path_;
  int fd_ = -1;
  std::size_t whole_ = 0;  // bytes of the last text that replaced
  std::size_t added_ = 0;
};

/// False: errno tells why.
bool write_all(int fd, std::string_view text);
/// From where it stands to its end, or to a fault.
std::string read_all(int fd);
/// So that a new name in the file's folder lasts; some file systems cannot.
void sync_folder(const std::string& path);
/// Writes beside the file and renames: a reader finds the old text or the new one, also after a power cut.
bool write_file(const std::string& path, const std::string& text);
/// Nothing when it cannot be read.
std::string read_file(const std::string& path);

}  // namespace keepalive::io
