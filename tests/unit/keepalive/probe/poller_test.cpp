// What the kernel lacks on our side takes no server down.
#include <doctest/doctest.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>

#include "director.hpp"
#include "server.hpp"

namespace poller_test {

using namespace probe_test;

namespace {

std::atomic<bool> full = false;

}  // namespace

/// The C library's, but that probes' sockets find no room; asio's, which watches more, do.
extern "C" int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) noexcept {
  const bool of_probe = operation == EPOLL_CTL_ADD && (event->events & EPOLLPRI) == 0;
  if (full && of_probe) return errno = ENOSPC, -1;
  return static_cast<int>(::syscall(SYS_epoll_ctl, epoll, operation, fd, event));
}

TEST_CASE("a socket that epoll does not take says nothing of the server") {
  std::uint16_t port = 0;
  const auto socket = bound(SOCK_STREAM, port);
  for (const std::string type : {"type = tcp", "type = https\ntimeout = 200ms", "type = udp\nsend = x\nexpect = y"}) {
    CAPTURE(type);
    Director director;
    director.tell(keepalive::core::SetCheck{9, "type = tcp"});
    CHECK(director.until([&] { return !director.got.empty(); }));  // the prober's own are watched
    full = true;
    director.probe(1,
                   (type.find("timeout") == type.npos ? type + "\ntimeout = 20s" : type) +
                       "\nfall = 1\ninterval = 60s\njitter = 0\n",
                   port);
    const auto* summary = director.summary(1);
    CHECK(director.until(
        [&] { return (summary = director.summary(1)) != nullptr || director.state(1) != State::unknown; }));
    full = false;
    REQUIRE(summary != nullptr);
    CHECK(summary->unable == "cannot probe: epoll takes no socket more: no space left on device");
  }
}

}  // namespace poller_test
