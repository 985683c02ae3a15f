#include "io/notify_pipe.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "folder.hpp"
#include "io/state_file.hpp"

using namespace keepalive::io;

namespace {

class Reader {
 public:
  explicit Reader(const std::string& path) : fd_{::open(path.c_str(), O_RDONLY | O_NONBLOCK)} { REQUIRE(fd_ >= 0); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { ::close(fd_); }
  std::string all() const {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(fd_, buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(got));
    return text;
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("a pipe is made for its owner; lines without a reader are dropped, then each is read") {
  std::signal(SIGPIPE, SIG_IGN);
  const Folder folder;
  NotifyPipe pipe;
  pipe.write("nowhere\n");
  pipe.open(folder.file("pipe"));
  struct stat info = {};
  REQUIRE(::stat(folder.file("pipe").c_str(), &info) == 0);
  CHECK((S_ISFIFO(info.st_mode) && (info.st_mode & 07777U) == 0600));
  pipe.write("nobody\n");
  {
    const Reader reader{folder.file("pipe")};
    pipe.write("one\n");
    pipe.write("two\n");
    CHECK(reader.all() == "one\ntwo\n");
  }
  pipe.write("gone\n");
  const Reader again{folder.file("pipe")};
  pipe.write("three\n");
  CHECK(again.all() == "three\n");
}

TEST_CASE("a reader that is too slow holds up nobody, and whole lines are missing") {
  const Folder folder;
  NotifyPipe pipe;
  pipe.open(folder.file("pipe"));
  const Reader reader{folder.file("pipe")};
  const std::string line = std::string(999, 'x') + "\n";
  for (int i = 0; i < 200; ++i) pipe.write(line);
  const std::string text = reader.all();
  CHECK(text.size() < 200 * line.size());
  CHECK(text.size() % line.size() == 0);
  pipe.write("on\n");
  CHECK(reader.all() == "on\n");
}

TEST_CASE("a file in its place is not written to") {
  const Folder folder;
  REQUIRE(write_file(folder.file("pipe"), "theirs"));
  NotifyPipe pipe;
  pipe.open(folder.file("pipe"));
  pipe.write("ours\n");
  CHECK(read_file(folder.file("pipe")) == "theirs");
}
