#include "sync/io/desk.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "sync/io/accept.hpp"

namespace desk_test {

using namespace ipvs::sync;
namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

namespace {

/// A folder, gone with the test.
struct Folder {
  Folder() { ::mkdtemp(path.data()); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path = "/tmp/ipvs-sync-desk.XXXXXX";
};

/// No descriptor is free as long as it lives.
class Shortage {
 public:
  Shortage() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none{0, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  Shortage(const Shortage&) = delete;
  Shortage& operator=(const Shortage&) = delete;
  ~Shortage() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_ = {};
};

std::string none(const std::string&) { return ""; }

}  // namespace

TEST_CASE("a socket that nobody listens at is replaced, any other file is left alone") {
  const Folder folder;
  asio::io_context io;
  const std::string socket = folder.path + "/socket", file = folder.path + "/file";
  { Local::acceptor dead{io, Local::endpoint{socket}}; }
  std::ofstream{file} << "of value";
  CHECK(ControlDesk::open(io, socket, none));
  const auto refused = ControlDesk::open(io, file, none);
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == file + " is there and is no socket: name another");
  CHECK(std::filesystem::file_size(file) == 8);
}

TEST_CASE("a desk that goes takes its own socket away, not its successor's") {
  const Folder folder;
  asio::io_context io;
  const std::string path = folder.path + "/socket";
  auto one = ControlDesk::open(io, path, none);
  REQUIRE(one);
  std::filesystem::remove(path);
  auto other = ControlDesk::open(io, path, none);
  REQUIRE(other);
  one->reset();
  CHECK(std::filesystem::exists(path));
  other->reset();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("who finds no free descriptor for a caller waits, and takes it when there is one") {
  const Folder folder;
  asio::io_context io;
  const Local::endpoint place{folder.path + "/socket"};
  Local::acceptor acceptor{io, place};
  Local::socket caller{io};
  caller.connect(place);
  bool came = false;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        const std::optional<Local::socket> socket = co_await accepted(acceptor);
        came = socket.has_value();
      },
      asio::detached);
  constexpr int turns = 100;
  int taken = 0;
  {
    const Shortage shortage;
    while (taken < turns && io.poll_one() != 0) ++taken;
  }
  CHECK(taken < turns);
  CHECK_FALSE(came);
  io.run();
  CHECK(came);
}

}  // namespace desk_test
