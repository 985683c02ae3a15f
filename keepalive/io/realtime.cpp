#include "io/realtime.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

namespace keepalive::io {

std::string go_realtime(unsigned priority) {
  constexpr rlim_t longest = 1'000'000;  // µs without a wait
  const rlimit limit{longest, longest};
  setrlimit(RLIMIT_RTTIME, &limit);
  const sched_param wanted{static_cast<int>(priority)};
  if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &wanted) != 0)
    return std::string{"scheduling in real time: "} + std::strerror(errno);
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return std::string{"locking memory: "} + std::strerror(errno);
  return {};
}

}  // namespace keepalive::io
