#include "io/service.hpp"

#include <doctest/doctest.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>

#include "folder.hpp"

namespace service_test {
namespace {

int lock_error = 0;  // of the kernel, if it has one

std::string refusal(const std::string& path) {
  try {
    keepalive::io::lock_instance(path);
  } catch (const std::runtime_error& fault) {
    return fault.what();
  }
  return "";
}

}  // namespace

/// The C library's, but for that error.
extern "C" int flock(int fd, int operation) noexcept {
  if (lock_error != 0) return errno = lock_error, -1;
  return static_cast<int>(::syscall(SYS_flock, fd, operation));
}

TEST_CASE("an instance runs once; what else keeps the lock from us is told as what it is") {
  const Folder folder;
  const std::string path = folder.file("lock");
  CHECK(refusal(path).empty());
  CHECK(refusal(path) == "a keepalive of this instance runs already (process " + std::to_string(::getpid()) +
                             "); give this one a name: --instance NAME");
  lock_error = ENOLCK;
  const std::string text = refusal(folder.file("other"));
  lock_error = 0;
  CHECK(text == folder.file("other") + ": No locks available");
}

}  // namespace service_test
