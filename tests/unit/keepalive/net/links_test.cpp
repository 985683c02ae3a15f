#include "net/links.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

using namespace keepalive::net;

namespace {

int refusals = 0;  // of the kernel, still to come

}  // namespace

/// The C library's, but for the kernel's lack of memory.
extern "C" ssize_t send(int fd, const void* data, size_t size, int flags) {
  if (refusals > 0) return --refusals, errno = ENOBUFS, -1;
  return ::syscall(SYS_sendto, fd, data, size, flags, nullptr, 0);
}

TEST_CASE("what the kernel has no memory to be asked is asked again") {
  for (const int count : {0, 1, 2, 5}) {
    refusals = count;
    boost::asio::io_context io{1};
    const auto links = Links::open(io, [](const Change&) {});
    REQUIRE(links);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!(*links)->ready() && std::chrono::steady_clock::now() < end) io.run_one_for(std::chrono::milliseconds{100});
    CHECK((*links)->ready());
    CHECK((*links)->find("lo") != nullptr);
  }
}
