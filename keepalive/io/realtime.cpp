#include "io/realtime.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

namespace keepalive::io {
namespace {

/// What is mapped later is locked, too, or cannot be had: without rights the limit counts then, though root locks now.
std::string lock_memory() {
  constexpr rlimit boundless{RLIM_INFINITY, RLIM_INFINITY};
  rlimit limit{};
  if (setrlimit(RLIMIT_MEMLOCK, &boundless) != 0 && getrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
      limit.rlim_cur != RLIM_INFINITY)
    return fmt::format("locking memory: only {} kB may be locked", limit.rlim_cur / 1024);
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return std::string{"locking memory: "} + std::strerror(errno);
  return {};
}

}  // namespace

std::string go_realtime(unsigned priority) {
  constexpr rlim_t longest = 10'000'000;  // µs without a wait; thousands of addresses take a second or two
  const rlimit limit{longest, longest};
  setrlimit(RLIMIT_RTTIME, &limit);
  const sched_param wanted{static_cast<int>(priority)};
  if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &wanted) != 0)
    return std::string{"scheduling in real time: "} + std::strerror(errno);
  return lock_memory();
}

}  // namespace keepalive::io
