#include "base/fd.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

namespace fd_test {

using base::Fd;

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST_CASE("a descriptor is closed by who had it last, and moving it to itself keeps it") {
  Fd one{::dup(STDERR_FILENO)};
  Fd other{::dup(STDERR_FILENO)};
  const int first = one.get();
  const int second = other.get();
  Fd& same = one;
  one = std::move(same);
  CHECK(one.get() == first);
  CHECK(is_open(first));
  one = std::move(other);
  CHECK(one.get() == second);
  CHECK(!other);
  CHECK(!is_open(first));
  one.reset();
  CHECK(!is_open(second));
}

}  // namespace fd_test
