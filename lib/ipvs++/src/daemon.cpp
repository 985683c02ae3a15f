#include "ipvs++/daemon.hpp"

#include <ostream>

namespace ipvs {
inline namespace v0 {

std::ostream& operator<<(std::ostream& out, const Daemon& daemon) {
  out << (daemon.role == DaemonRole::master ? "master" : "backup") << " on " << daemon.interface << " syncid "
      << +daemon.sync_id.value;
  if (daemon.max_length != 0) out << " max length " << daemon.max_length;
  if (daemon.group) out << " group " << *daemon.group;
  if (daemon.port.value != 0) out << " port " << daemon.port.value;
  if (daemon.ttl != 0) out << " ttl " << +daemon.ttl;
  return out;
}

}  // namespace v0
}  // namespace ipvs
