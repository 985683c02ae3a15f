#include "output.hpp"

#include <unistd.h>

#include <cerrno>

namespace ipvsadm {

void Output::flush() {
  std::string_view rest{buffer_.data(), buffer_.size()};
  while (!rest.empty() && fault_ == 0) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0)
      rest.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      fault_ = errno;
  }
  flushed_ += buffer_.size();
  buffer_.clear();
}

}  // namespace ipvsadm
