#include "io/state_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "folder.hpp"
#include "io/keeper.hpp"

using namespace keepalive::io;

TEST_CASE("a state file is replaced whole and appended to, and is nobody else's") {
  const Folder folder;
  StateFile file{folder.file("state")};
  CHECK(file.read().empty());
  CHECK_FALSE(file.append("before the first\n"));
  REQUIRE(file.replace("a\n"));
  REQUIRE(file.append("b\n"));
  CHECK(file.read() == "a\nb\n");
  REQUIRE(file.replace("c\n"));
  REQUIRE(file.append("d\n"));
  CHECK(file.read() == "c\nd\n");
  struct stat info = {};
  REQUIRE(::stat(file.path().c_str(), &info) == 0);
  CHECK((info.st_mode & 07777U) == 0600);
  CHECK(::access(folder.file("state.new").c_str(), F_OK) != 0);
}

TEST_CASE("a symbolic link in its place is not followed") {
  const Folder folder;
  REQUIRE(write_file(folder.file("target"), "theirs"));
  REQUIRE(::symlink(folder.file("target").c_str(), folder.file("state.new").c_str()) == 0);
  CHECK_FALSE(write_file(folder.file("state"), "ours"));
  CHECK(read_file(folder.file("target")) == "theirs");
}

TEST_CASE("lines are written together after a moment, and at once by flush") {
  const Folder folder;
  boost::asio::io_context io;
  Keeper keeper{io, folder.file("state"), [] { return std::string{"all\n"}; }};
  keeper.replace();
  keeper.add("a\n");
  keeper.add("b\n");
  CHECK(keeper.read() == "all\n");
  keeper.flush();
  CHECK(keeper.read() == "all\na\nb\n");
  keeper.add("c\n");
  io.run_for(std::chrono::seconds{5});
  CHECK(keeper.read() == "all\na\nb\nc\n");
}

TEST_CASE("a server that flaps for days does not fill the disk") {
  const Folder folder;
  boost::asio::io_context io;
  Keeper keeper{io, folder.file("state"), [] { return std::string(30000, 'x'); }};
  keeper.replace();
  std::size_t longest = 0;
  for (int i = 0; i < 1000; ++i) {
    keeper.add(std::string(1000, 'y'));
    keeper.flush();
    longest = std::max(longest, keeper.read().size());
  }
  CHECK(longest > 120000);
  CHECK(longest < 160000);
}

TEST_CASE("what could not be written is written when the disk takes it again, though nothing changes") {
  const Folder folder;
  boost::asio::io_context io;
  const std::string obstacle = folder.file("state.new");
  REQUIRE(::mkdir(obstacle.c_str(), 0700) == 0);
  Keeper keeper{io, folder.file("state"), [] { return std::string{"drained\n"}; }, std::chrono::milliseconds{1}};
  keeper.add("drained\n");
  keeper.flush();
  CHECK(keeper.read().empty());
  REQUIRE(::rmdir(obstacle.c_str()) == 0);
  SUBCASE("by itself") { io.run(); }
  SUBCASE("at the end") { keeper.flush(); }
  CHECK(keeper.read() == "drained\n");
}

TEST_CASE("a file that does not take a line is written anew") {
  const Folder folder;
  boost::asio::io_context io;
  std::string all = "one\n";
  Keeper keeper{io, folder.file("state"), [&] { return all; }};
  keeper.add("lost\n");  // nothing was ever written
  all = "two\n";
  keeper.flush();
  CHECK(keeper.read() == "two\n");
}
