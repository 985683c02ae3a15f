#include "namespace.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace differential {
namespace {

int checked(int result, const std::string& what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

void raise_loopback() {
  const int fd = checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
  ifreq request = {};
  std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
  request.ifr_flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK;
  const int result = ioctl(fd, SIOCSIFFLAGS, &request);
  close(fd);
  checked(result, "lo up");
}

}  // namespace

Namespace Namespace::fresh() {
  checked(unshare(CLONE_NEWNET), "unshare network");
  raise_loopback();
  return Namespace{checked(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "/proc/thread-self/ns/net")};
}

Namespace::~Namespace() {
  if (fd_ >= 0) close(fd_);
}

void Namespace::enter() const { checked(setns(fd_, CLONE_NEWNET), "setns"); }

void lay_over_etc(const std::string& folder) {
  checked(unshare(CLONE_NEWNS), "unshare mounts");
  checked(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "private mounts");
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    const std::string target = "/etc/" + entry.path().filename().string();
    checked(mount(entry.path().c_str(), target.c_str(), nullptr, MS_BIND, nullptr), target);
  }
}

}  // namespace differential
