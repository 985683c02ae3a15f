#include "io/notify_pipe.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "io/log.hpp"

namespace keepalive::io {

void NotifyPipe::open(const std::string& path) {
  if (path == path_) return;
  close();
  path_ = path;
  told_ = 0;
  if (!path.empty() && mkfifo(path.c_str(), 0600) != 0 && errno != EEXIST) fail(errno);
}

void NotifyPipe::write(const std::string& line) {
  if (path_.empty()) return;
  if (fd_ < 0) fd_ = ::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
  if (fd_ < 0) return fail(errno);
  struct stat info = {};
  if (fstat(fd_, &info) != 0 || !S_ISFIFO(info.st_mode)) return fail(EINVAL);
  const ssize_t written = ::write(fd_, line.data(), line.size());
  if (written < 0 && errno == EAGAIN) return static_cast<void>(++lost_);
  if (written < 0) return fail(errno);
  told_ = 0;
  tell_lost();
}

/// Each reason once. No reader is none.
void NotifyPipe::fail(int error) {
  close();
  if (error == ENXIO || error == EPIPE || std::exchange(told_, error) == error) return;
  log(Level::warning, "PIPE_FAILED",
      "path=" + quoted(path_) + " text=" + quoted(error == EINVAL ? "it is no named pipe" : std::strerror(error)));
}

void NotifyPipe::tell_lost() {
  if (lost_ > 0)
    log(Level::warning, "PIPE_LOST", "path=" + quoted(path_) + " lines=" + std::to_string(std::exchange(lost_, 0)));
}

void NotifyPipe::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  tell_lost();
}

}  // namespace keepalive::io
