#include "io/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace keepalive::io {
namespace {

/// What the child needs, made ready before the fork: after it nothing is allocated.
struct Ready {
  std::vector<char*> argv = {};
  std::vector<std::string> pairs = {};
  std::vector<char*> environment = {};
  const passwd* user = nullptr;
  std::vector<gid_t> groups = {};  // the user's
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

std::vector<gid_t> groups_of(const passwd& user) {
  std::vector<gid_t> list(16);
  int count = static_cast<int>(list.size());
  while (getgrouplist(user.pw_name, user.pw_gid, list.data(), &count) < 0)  // it says how many there are
    list.resize(std::max(static_cast<std::size_t>(count), list.size() * 2)), count = static_cast<int>(list.size());
  list.resize(static_cast<std::size_t>(count));
  return list;
}

bool become(const Ready& ready) {
  const passwd& user = *ready.user;
  if (geteuid() != 0) return user.pw_uid == geteuid();
  return setgroups(ready.groups.size(), ready.groups.data()) == 0 && setgid(user.pw_gid) == 0 &&
         setuid(user.pw_uid) == 0;
}

/// Where it is already, it must not go with the program's start.
void put(int fd, int place) {
  if (fd == place)
    fcntl(fd, F_SETFD, 0);
  else
    dup2(fd, place);
}

/// Until no signal comes in between.
template <class Call>
auto again(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

void reset_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGPIPE, SIGHUP, SIGTERM, SIGINT, SIGCHLD, SIGUSR1, SIGUSR2}) signal(number, SIG_DFL);
}

[[noreturn]] void child(const Spawn& what, const Ready& ready, int report) {
  if (what.own_group) setpgid(0, 0);
  reset_signals();
  if (what.output >= 0) {
    put(what.input >= 0 ? what.input : ::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    put(what.output, STDOUT_FILENO);
    put(what.output, STDERR_FILENO);
  }
  if (what.keep_fd >= 0) fcntl(what.keep_fd, F_SETFD, 0);
  if (ready.user == nullptr || become(ready))
    execve(ready.argv[0], ready.argv.data(), what.environment ? ready.environment.data() : environ);
  const int error = errno;
  [[maybe_unused]] const auto written = ::write(report, &error, sizeof error);
  _exit(127);
}

}  // namespace

tl::expected<pid_t, std::string> spawn(const Spawn& what) {
  Ready ready{.argv = pointers(what.argv)};
  if (what.environment)
    for (const auto& [name, value] : *what.environment) ready.pairs.push_back(name + "=" + value);
  ready.environment = pointers(ready.pairs);
  if (!what.user.empty() && (ready.user = getpwnam(what.user.c_str())) == nullptr)
    return tl::unexpected{fmt::format("no such user: {}", what.user)};
  if (ready.user != nullptr) ready.groups = groups_of(*ready.user);
  std::array<int, 2> report{};
  if (pipe2(report.data(), O_CLOEXEC) != 0) return tl::unexpected{std::string{std::strerror(errno)}};
  const pid_t pid = fork();
  if (pid == 0) child(what, ready, report[1]);
  const int fork_error = errno;
  ::close(report[1]);
  int error = pid < 0 ? fork_error : 0;
  if (pid > 0 && what.own_group) setpgid(pid, pid);
  if (pid > 0 && again([&] { return ::read(report[0], &error, sizeof error); }) > 0)
    again([&] { return ::waitpid(pid, nullptr, 0); });
  ::close(report[0]);
  if (error != 0) return tl::unexpected{fmt::format("cannot run {}: {}", what.argv.front(), std::strerror(error))};
  return pid;
}

std::string own_program() {
  std::array<char, PATH_MAX> path{};
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  std::string name = size > 0 ? std::string{path.data(), static_cast<std::size_t>(size)} : "/usr/sbin/keepalive";
  constexpr std::string_view replaced = " (deleted)";  // by an upgrade: what is there now is ours
  if (name.ends_with(replaced)) name.resize(name.size() - replaced.size());
  return name;
}

std::string beside_us(const std::string& name) {
  const std::string own = own_program();
  return own.substr(0, own.rfind('/') + 1) + name;
}

std::map<std::string, std::string> role_environment() {
  std::map<std::string, std::string> part;
  for (const char* const name : {"PATH", "LANG", "LC_ALL", "TZ", "JOURNAL_STREAM", "SSL_CERT_FILE", "SSL_CERT_DIR",
                                 "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"})
    if (const char* const value = std::getenv(name)) part.emplace(name, value);
  return part;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

bool user_exists(const std::string& name) { return getpwnam(name.c_str()) != nullptr; }

}  // namespace keepalive::io
