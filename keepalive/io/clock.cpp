#include "io/clock.hpp"

#include <time.h>

namespace keepalive::io {
namespace {

core::Time read(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::chrono::seconds{time.tv_sec} +
         std::chrono::duration_cast<core::Time>(std::chrono::nanoseconds{time.tv_nsec});
}

}  // namespace

core::Time now() { return read(CLOCK_MONOTONIC); }

core::Time boot() { return read(CLOCK_REALTIME) - now(); }

core::Time processor_time() { return read(CLOCK_THREAD_CPUTIME_ID); }
std::chrono::seconds epoch() { return std::chrono::duration_cast<std::chrono::seconds>(read(CLOCK_REALTIME)); }

}  // namespace keepalive::io
