#include "io/state_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace keepalive::io {
namespace {

constexpr std::size_t least_worn = 65536;

}  // namespace

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (ssize_t got = 0; (got = ::read(fd, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  return text;
}

void sync_folder(const std::string& path) {
  const int fd = ::open(path.substr(0, path.rfind('/') + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

bool write_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return false;
  const bool good = write_all(fd, text) && ::fsync(fd) == 0;
  ::close(fd);
  if (!good || std::rename(fresh.c_str(), path.c_str()) != 0) return false;
  sync_folder(path);
  return true;
}

std::string read_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return {};
  std::string text = read_all(fd);
  ::close(fd);
  return text;
}

StateFile::~StateFile() { close(); }

void StateFile::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::string StateFile::read() const { return read_file(path_); }

bool StateFile::replace(const std::string& text) {
  close();
  if (!write_file(path_, text)) return false;
  whole_ = text.size();
  added_ = 0;
  fd_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
  return fd_ >= 0;
}

bool StateFile::append(const std::string& lines) {
  added_ += lines.size();
  return fd_ >= 0 && write_all(fd_, lines);
}

bool StateFile::worn() const { return added_ > std::max(least_worn, 4 * whole_); }

}  // namespace keepalive::io
