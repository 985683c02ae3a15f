#include "process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <system_error>

namespace differential {
namespace {

constexpr int seconds_to_live = 20;
constexpr unsigned nobody_id = 65534;

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

// A file in memory, used again for every run.
class MemoryFile {
 public:
  MemoryFile() : fd_{checked(memfd_create("differential", MFD_CLOEXEC), "memfd_create")} {}

  int fd() const { return fd_; }

  void fill(const std::string& text) const {
    checked(ftruncate(fd_, 0), "ftruncate");
    if (!text.empty() && pwrite(fd_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
      throw std::system_error(errno, std::generic_category(), "pwrite");
    }
    checked(static_cast<int>(lseek(fd_, 0, SEEK_SET)), "lseek");
  }

  std::string text() const {
    std::string text;
    std::array<char, 16384> piece = {};
    for (ssize_t size = 0; (size = pread(fd_, piece.data(), piece.size(), static_cast<off_t>(text.size()))) > 0;) {
      text.append(piece.data(), static_cast<std::size_t>(size));
    }
    return text;
  }

 private:
  int fd_;
};

struct Files {
  MemoryFile in, out, err;
};

class Actions {
 public:
  Actions() { posix_spawn_file_actions_init(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }

  void copy(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
  void open(int fd, const char* path, int flags) { posix_spawn_file_actions_addopen(&actions_, fd, path, flags, 0); }
  void close(int fd) { posix_spawn_file_actions_addclose(&actions_, fd); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

void connect(Actions& actions, const Command& command, const Files& files) {
  switch (command.input) {
    case Input::none:
      actions.open(0, "/dev/null", O_RDONLY);
      break;
    case Input::text:
      actions.copy(files.in.fd(), 0);
      break;
    case Input::directory:
      actions.open(0, "/", O_RDONLY);
      break;
    case Input::closed:
      actions.close(0);
      break;
  }
  switch (command.output) {
    case Output::kept:
      actions.copy(files.out.fd(), 1);
      break;
    case Output::full:
      actions.open(1, "/dev/full", O_WRONLY);
      break;
    case Output::closed:
      actions.close(1);
      break;
  }
  if (command.closed_stderr) {
    actions.close(2);
  } else {
    actions.copy(files.err.fd(), 2);
  }
}

// Becomes nobody in the eyes of the kernel, for this thread only, so that a child started now is nobody.
class Nobody {
 public:
  explicit Nobody(bool wanted) : wanted_{wanted} {
    if (!wanted_) return;
    checked(static_cast<int>(syscall(SYS_setgroups, 0, nullptr)), "setgroups");
    checked(static_cast<int>(syscall(SYS_setresgid, nobody_id, nobody_id, 0)), "setresgid");
    checked(static_cast<int>(syscall(SYS_setresuid, nobody_id, nobody_id, 0)), "setresuid");
  }
  Nobody(const Nobody&) = delete;
  Nobody& operator=(const Nobody&) = delete;
  ~Nobody() {
    if (!wanted_) return;
    syscall(SYS_setresuid, 0, 0, 0);
    syscall(SYS_setresgid, 0, 0, 0);
  }

 private:
  bool wanted_;
};

pid_t start(const Command& command, const Actions& actions) {
  static std::array<std::string, 2> environment = {"LANG=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  std::array<char*, 3> envp = {environment[0].data(), environment[1].data(), nullptr};
  std::vector<std::string> words = command.argv;
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  const Nobody nobody{command.nobody};
  const int error = posix_spawn(&child, command.path.c_str(), actions.get(), &attributes, argv.data(), envp.data());
  posix_spawnattr_destroy(&attributes);
  if (error != 0) throw std::system_error(error, std::generic_category(), command.path);
  return child;
}

// The status of waitpid(2); a child that does not end in time is killed, *late tells so.
int wait_for(pid_t child, bool* late) {
  sigset_t ended;
  sigemptyset(&ended);
  sigaddset(&ended, SIGCHLD);
  const timespec patience = {seconds_to_live, 0};
  int status = 0;
  // A SIGCHLD may be left over from the run before: only waitpid(2) tells that the child has ended.
  while (checked(waitpid(child, &status, WNOHANG), "waitpid") == 0) {
    if (sigtimedwait(&ended, nullptr, &patience) >= 0 || errno == EINTR) continue;
    *late = true;
    kill(child, SIGKILL);
    checked(waitpid(child, &status, 0), "waitpid");
    break;
  }
  return status;
}

void block_child_signal() {
  sigset_t ended;
  sigemptyset(&ended);
  sigaddset(&ended, SIGCHLD);
  sigprocmask(SIG_BLOCK, &ended, nullptr);
}

}  // namespace

Outcome run(const Command& command) {
  static const Files files;
  block_child_signal();
  files.out.fill("");
  files.err.fill("");
  if (command.input == Input::text) files.in.fill(command.input_text);
  Actions actions;
  connect(actions, command, files);
  bool late = false;
  const int status = wait_for(start(command, actions), &late);
  Outcome outcome{files.out.text(), files.err.text()};
  if (WIFSIGNALED(status)) {
    outcome.signal = late ? SIGALRM : WTERMSIG(status);
  } else {
    outcome.exit = WEXITSTATUS(status);
  }
  return outcome;
}

}  // namespace differential
