// Programs for real: what they get, how they end.
#include "io/runner.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <thread>

#include "io/process.hpp"

using namespace keepalive;

namespace {

/// False: it never was so.
bool until(const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

/// Whether a process has ended, waited for or not.
bool gone(const std::string& pid) {
  std::ifstream file{"/proc/" + pid + "/stat"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  return text.empty() || text.find(") Z ") != std::string::npos;
}

/// What one program ended with; the test plays the launcher's part with waitpid().
core::ProgramDone run(io::Runner::Order order) {
  boost::asio::io_context loop;
  std::optional<core::ProgramDone> told;
  io::Runner runner{loop, [&](const core::ProgramDone& done) { told = done; }};
  runner.run(std::move(order));
  CHECK_FALSE(told);  // never from within
  REQUIRE(until([&] {
    loop.restart();
    loop.run_for(std::chrono::milliseconds{10});  // returns at once when nothing but the process's end is left
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid > 0) CHECK(runner.ended(pid, status));
    return told.has_value();
  }));
  CHECK(runner.running() == 0);
  return *told;
}

io::Runner::Order shell(const std::string& script, std::uint64_t limit_ms = 30000) {
  return {.id = 7, .argv = {"/bin/sh", "-c", script, "sh", "an argument"}, .limit_ms = limit_ms};
}

int interruptions = 0;  // by signals, of read() and waitpid(), still to come

}  // namespace

/// The C library's, but for signals.
extern "C" ssize_t read(int fd, void* data, size_t size) {
  if (interruptions > 0) return --interruptions, errno = EINTR, -1;
  return ::syscall(SYS_read, fd, data, size);
}
extern "C" pid_t waitpid(pid_t pid, int* status, int options) {
  if (interruptions > 0) return --interruptions, errno = EINTR, -1;
  return static_cast<pid_t>(::syscall(SYS_wait4, pid, status, options, nullptr));
}

TEST_CASE("a program gets its arguments, its environment, its input, and nothing else of ours") {
  ::setenv("KEEPALIVE_TEST_SECRET", "secret", 1);
  io::Runner::Order order =
      shell(R"(read line; echo "$1 $KEEPALIVE_EVENT $line ${KEEPALIVE_TEST_SECRET-none}"; exit 3)");
  order.environment = {{"KEEPALIVE_EVENT", "SERVER_UP"}};
  order.input = "input\n";
  const core::ProgramDone done = run(std::move(order));
  CHECK(done.id == 7);
  CHECK(done.exit_code == 3);
  CHECK_FALSE(done.timed_out);
  CHECK(done.line == "an argument SERVER_UP input none");
}

TEST_CASE("of /dev/null a program without input has only its stdin") {
  const std::string count =
      R"sh(n=0; for f in /proc/$$/fd/*; do [ "$(readlink $f)" = /dev/null ] && n=$((n+1)); done; echo $n)sh";
  // What whoever started us lets every program have does not count.
  std::size_t inherited = 0;
  for (int fd = STDERR_FILENO + 1; fd < 100; ++fd) {
    std::array<char, 16> target{};
    const bool ours = (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
    if (!ours && ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), target.data(), target.size() - 1) > 0 &&
        std::string{target.data()} == "/dev/null")
      ++inherited;
  }
  CHECK(run(shell(count)).line == std::to_string(1 + inherited));
}

TEST_CASE("a program that cannot be run is told, whatever signals come meanwhile") {
  interruptions = 3;
  const auto pid = io::spawn({.argv = {"/nonexistent/program"}});
  interruptions = 0;
  REQUIRE(!pid);
  CHECK(pid.error() == "cannot run /nonexistent/program: No such file or directory");
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);  // it was waited for
}

TEST_CASE("only the first line is kept, and not more of it than 500 bytes") {
  CHECK(run(shell("echo one; echo two")).line == "one");
  CHECK(run(shell("head -c 100000 /dev/zero | tr '\\0' x")).line == std::string(500, 'x'));
}

TEST_CASE("at its time limit a program is killed with all that it started") {
  const core::ProgramDone done = run(shell("sleep 60 & echo $!; sleep 60", 1000));
  CHECK(done.timed_out);
  CHECK(done.exit_code == -9);
  CHECK(until([&] { return gone(done.line); }));
}

TEST_CASE("a program that is not there never ran, with the reason") {
  const core::ProgramDone done = run({.id = 1, .argv = {"/nowhere/program"}, .limit_ms = 1000});
  CHECK(done.exit_code == keepalive::core::never_ran);
  CHECK(done.line == "cannot run /nowhere/program: No such file or directory");
}

TEST_CASE("a signal ends it with a negative code") { CHECK(run(shell("kill -15 $$")).exit_code == -15); }
