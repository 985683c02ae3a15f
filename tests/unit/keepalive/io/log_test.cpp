#include "io/log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <string>

#include "io/state_file.hpp"

using namespace keepalive::io;

TEST_CASE("a line on stderr begins with its local time, to the millisecond, and its level") {
  setenv("TZ", "UTC", 1);
  tzset();
  const auto moment = std::chrono::system_clock::from_time_t(1764095462) + std::chrono::milliseconds{7};
  CHECK(stamp(moment, Level::error) == "2025-11-25T18:31:02.007 error ");
  CHECK(stamp(moment, Level::warning) == "2025-11-25T18:31:02.007 warning ");
  CHECK(stamp(moment, Level::info) == "2025-11-25T18:31:02.007 info ");
}

TEST_CASE("stderr goes to the journal when it is what JOURNAL_STREAM tells of, not because that is set") {
  struct stat is {};
  REQUIRE(fstat(STDERR_FILENO, &is) == 0);
  setenv("JOURNAL_STREAM", (std::to_string(is.st_dev) + ":" + std::to_string(is.st_ino)).c_str(), 1);
  CHECK(stderr_is_journal());
  setenv("JOURNAL_STREAM", "1:2", 1);
  CHECK(!stderr_is_journal());
  unsetenv("JOURNAL_STREAM");
  CHECK(!stderr_is_journal());
}

TEST_CASE("what was logged before a drain is written after it") {
  std::array<int, 2> pipe{};
  REQUIRE(pipe2(pipe.data(), O_CLOEXEC) == 0);
  drain_log();  // what others said
  const int before = dup(STDERR_FILENO);
  dup2(pipe[1], STDERR_FILENO);
  std::string told;
  for (int i = 0; i < 100; ++i) {
    log(Level::notice, "RENEWED", std::to_string(i));
    told += "RENEWED " + std::to_string(i) + "\n";
  }
  drain_log();
  dup2(before, STDERR_FILENO);
  for (const int fd : {before, pipe[1]}) close(fd);
  CHECK(read_all(pipe[0]) == told);
  close(pipe[0]);
}
