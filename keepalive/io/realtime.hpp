// A process that must not wait for others: scheduled in real time, all its memory in place.
#pragma once

#include <string>

namespace keepalive::io {

/// From now on the process runs before all ordinary ones (SCHED_RR with this priority, 1 to 99; not its children) and
/// keeps its memory. One that would never rest again is killed by the kernel after ten seconds. Returns what was refused:
/// CAP_SYS_NICE or RLIMIT_RTPRIO, CAP_IPC_LOCK or RLIMIT_MEMLOCK are missing; empty: nothing.
std::string go_realtime(unsigned priority);

}  // namespace keepalive::io
