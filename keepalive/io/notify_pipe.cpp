#include "io/notify_pipe.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace keepalive::io {

void NotifyPipe::open(const std::string& path) {
  if (path == path_) return;
  close();
  path_ = path;
  if (!path.empty()) mkfifo(path.c_str(), 0600);
}

void NotifyPipe::write(const std::string& line) {
  if (path_.empty()) return;
  if (fd_ < 0) fd_ = ::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
  struct stat info = {};
  const bool pipe = fd_ >= 0 && fstat(fd_, &info) == 0 && S_ISFIFO(info.st_mode);
  if (!pipe || ::write(fd_, line.data(), line.size()) < 0) close();
}

void NotifyPipe::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace keepalive::io
