#include "io/service.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "io/log.hpp"

namespace keepalive::io {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error{errno, std::generic_category(), what}; }

/// sd_notify(3). Linked in, libsystemd would bring eight libraries to the start of every role, which has no use for them.
using Notify = int (*)(int, const char*);
Notify find_notify() {
  void* const library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
  void* const function = library == nullptr ? nullptr : dlsym(library, "sd_notify");
  if (function == nullptr) log(Level::error, "NO_SERVICE_MANAGER", "text=" + quoted(dlerror()));
  return reinterpret_cast<Notify>(function);
}

}  // namespace

bool make_folder(const std::string& path, unsigned mode) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
    mkdir(path.substr(0, slash).c_str(), 0755);
  const bool made = mkdir(path.c_str(), mode) == 0;
  if (!made && errno != EEXIST) fail(path);
  return made;
}

bool made_by_systemd(const std::string& path) {
  const char* const names = std::getenv("RUNTIME_DIRECTORY");
  return names != nullptr && (":" + std::string{names} + ":").find(":" + path + ":") != std::string::npos;
}

void give_folder(const std::string& path, const std::string& user) {
  const passwd* const owner = geteuid() == 0 ? getpwnam(user.c_str()) : nullptr;
  if (owner != nullptr && chown(path.c_str(), owner->pw_uid, owner->pw_gid) != 0) fail(path);
}

void lock_instance(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0) fail(path);
  const bool locked = flock(fd, LOCK_EX | LOCK_NB) == 0;
  if (!locked && errno != EWOULDBLOCK) fail(path);
  if (!locked) {
    std::array<char, 32> pid{};
    [[maybe_unused]] const auto got = ::read(fd, pid.data(), pid.size() - 1);
    throw std::runtime_error{fmt::format(
        "a keepalive of this instance runs already (process {}); give this one a name: --instance NAME", pid.data())};
  }
  const std::string pid = std::to_string(getpid());
  if (ftruncate(fd, 0) != 0 || pwrite(fd, pid.data(), pid.size(), 0) < 0) fail(path);
}

void enter_netns(const std::string& name) {
  const std::string path = name.find('/') == std::string::npos ? "/run/netns/" + name : name;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) fail(path);
  ::close(fd);
}

std::function<void()> go_to_background() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  const pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid > 0) {
    ::close(ends[1]);
    char ready = 0;
    _exit(::read(ends[0], &ready, 1) == 1 ? 0 : 1);
  }
  ::close(ends[0]);
  setsid();
  if (chdir("/") != 0) fail("/");
  return [fd = ends[1]] {
    [[maybe_unused]] const auto written = ::write(fd, "1", 1);
    ::close(fd);
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing, standard);
  };
}

void tell_service(const char* state) {
  if (std::getenv("NOTIFY_SOCKET") == nullptr) return;
  static const Notify notify = find_notify();
  if (notify != nullptr) notify(0, state);
}

}  // namespace keepalive::io
