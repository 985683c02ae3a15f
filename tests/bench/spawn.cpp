// spawn INPUT COMMAND…: runs a program once, its standard input from INPUT and its output thrown away, and prints how
// long it lived and the most memory it had: "microseconds kilobytes". Exit code: the program's.
// Linked statically: between vfork and exec the child is counted with our own memory, so that must be little.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace {

struct Ended {
  int status = 0;
  long kilobytes = 0;
};

pid_t start(const char* input, char** command) {
  posix_spawn_file_actions_t files{};
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, input, O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  if (posix_spawnp(&child, command[0], &files, nullptr, command, environ) != 0) child = -1;
  posix_spawn_file_actions_destroy(&files);
  return child;
}

Ended wait_for(pid_t child) {
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), .kilobytes = usage.ru_maxrss};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 125;
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const pid_t child = start(argv[1], argv + 2);
  if (child < 0) {
    std::perror(argv[2]);
    return 127;
  }
  const Ended ended = wait_for(child);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
  std::printf("%lld %ld\n", static_cast<long long>(took.count()), ended.kilobytes);
  return ended.status;
}
