#include "io/channel.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

using namespace keepalive::io;

namespace {

constexpr std::chrono::seconds patience{30};

/// A channel that keeps what it hears.
struct End {
  End(boost::asio::io_context& io, int fd)
      : channel{std::make_unique<Channel>(io, fd,
                                          Channel::Handler{[this](std::string_view message, base::Fd its) {
                                                             messages.emplace_back(message);
                                                             fds.push_back(its.release());
                                                           },
                                                           [this] { closed = true; }})} {}
  End(const End&) = delete;
  End& operator=(const End&) = delete;
  ~End() {
    for (const int fd : fds)
      if (fd >= 0) close(fd);
  }

  std::vector<std::string> messages = {};
  std::vector<int> fds = {};
  bool closed = false;
  std::unique_ptr<Channel> channel;
};

struct Pair {
  Pair() : Pair{socket_pair()} {}
  explicit Pair(std::pair<int, int> ends) : one{io, ends.first}, other{io, ends.second} {}

  /// Runs until the condition holds; false when it never does.
  template <class Condition>
  bool until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition() && std::chrono::steady_clock::now() < end) {
      if (io.stopped()) io.restart();
      io.run_one_for(std::chrono::milliseconds{100});
    }
    return condition();
  }

  boost::asio::io_context io{1};
  End one;
  End other;
};

/// A channel whose peer is a bare socket.
struct Bare {
  Bare() : Bare{socket_pair()} {}
  explicit Bare(std::pair<int, int> ends) : end{io, ends.first}, fd{ends.second} {}
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;
  ~Bare() {
    if (fd >= 0) close(fd);
  }
  void write(std::string_view bytes) const {
    REQUIRE(::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  /// The same descriptor comes along so often.
  void write_with(std::string_view bytes, std::size_t count) const {
    iovec vector{const_cast<char*>(bytes.data()), bytes.size()};
    const std::vector<int> fds(count, fd);
    std::vector<char> control(CMSG_SPACE(count * sizeof(int)));
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    *header = {CMSG_LEN(count * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    std::memcpy(CMSG_DATA(header), fds.data(), count * sizeof(int));
    REQUIRE(sendmsg(fd, &message, 0) == static_cast<ssize_t>(bytes.size()));
  }
  void settle() {
    io.restart();
    io.poll();
  }

  boost::asio::io_context io{1};
  End end;
  int fd;
};

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all{"/proc/self/fd"};
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

TEST_CASE("messages arrive whole and in order, both ways, empty ones too") {
  Pair pair;
  std::vector<std::string> sent;
  for (std::size_t i = 0; i < 20'000; ++i) sent.push_back(std::string(i % 97, static_cast<char>(i)));
  for (const std::string& message : sent) {
    pair.one.channel->send(message);
    pair.other.channel->send(message);
  }
  REQUIRE(
      pair.until([&] { return pair.other.messages.size() == sent.size() && pair.one.messages.size() == sent.size(); }));
  CHECK(pair.other.messages == sent);
  CHECK(pair.one.messages == sent);
  CHECK(pair.one.channel->waiting() == 0);
}

TEST_CASE("a message of many pieces") {
  Pair pair;
  std::string large(5'000'000, 'x');
  for (std::size_t i = 0; i < large.size(); i += 1000) large[i] = static_cast<char>(i / 1000);
  pair.one.channel->send(large);
  CHECK(pair.one.channel->waiting() > 0);  // a peer that does not read is told of
  pair.one.channel->send("after");
  REQUIRE(pair.until([&] { return pair.other.messages.size() == 2; }));
  CHECK((pair.other.messages[0] == large));
  CHECK(pair.other.messages[1] == "after");
  CHECK(pair.one.channel->waiting() == 0);
}

TEST_CASE("a descriptor comes along with its message; the sender keeps its own") {
  Pair pair;
  std::array<int, 2> pipe{};
  REQUIRE(pipe2(pipe.data(), O_CLOEXEC) == 0);
  pair.one.channel->send("before");
  pair.one.channel->send("with", pipe[1]);
  pair.one.channel->send("with", pipe[1]);
  pair.one.channel->send("after");
  close(pipe[1]);
  REQUIRE(pair.until([&] { return pair.other.messages.size() == 4; }));
  CHECK(pair.other.messages == std::vector<std::string>{"before", "with", "with", "after"});
  CHECK(pair.other.fds[0] == -1);
  CHECK(pair.other.fds[3] == -1);
  REQUIRE(pair.other.fds[1] >= 0);
  REQUIRE(pair.other.fds[2] >= 0);
  CHECK((fcntl(pair.other.fds[1], F_GETFD) & FD_CLOEXEC) != 0);
  for (const int fd : {pair.other.fds[1], pair.other.fds[2]}) {
    char byte = 0;
    CHECK(write(fd, "y", 1) == 1);
    CHECK(read(pipe[0], &byte, 1) == 1);
    CHECK(byte == 'y');
  }
  close(pipe[0]);
}

TEST_CASE("without room for one more descriptor a message goes alone, and the channel stays") {
  Pair pair;
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  pair.one.channel->send("alone", STDERR_FILENO);
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  pair.one.channel->send("after");
  REQUIRE(pair.until([&] { return pair.other.closed || pair.other.messages.size() == 2; }));
  CHECK(pair.other.messages == std::vector<std::string>{"alone", "after"});
  CHECK(pair.other.fds == std::vector<int>{-1, -1});
}

TEST_CASE("a peer that goes away is told of once, after what it said") {
  Pair pair;
  pair.one.channel->send("last words");
  pair.one.channel.reset();
  REQUIRE(pair.until([&] { return pair.other.closed; }));
  CHECK(pair.other.messages == std::vector<std::string>{"last words"});
  CHECK(!pair.one.closed);  // who closes knows
  pair.other.channel->send("into the void");
}

TEST_CASE("a peer that is gone while we write is told of") {
  Bare bare;
  close(std::exchange(bare.fd, -1));
  bare.end.channel->send(std::string(1'000'000, 'x'));
  bare.settle();
  CHECK(bare.end.closed);
}

TEST_CASE("a length that no message has, or a descriptor that did not come, ends the channel") {
  for (const std::string_view garbage :
       {std::string_view{"\x7f\xff\xff\xff", 4}, std::string_view{"\x04\0\0\x01", 4},
        std::string_view{"\x80\0\0\x01y", 5}, std::string_view{"GET / HTTP/1.1\r\n", 16}}) {
    Bare bare;
    bare.write({"\0\0\0\x02ok", 6});
    bare.write(garbage);
    bare.settle();
    CHECK(bare.end.closed);
    CHECK(bare.end.messages == std::vector<std::string>{"ok"});
  }
}

TEST_CASE("a message that comes a byte at a time") {
  Bare bare;
  for (const char byte : std::string{"\0\0\0\x03"
                                     "abc\0\0\0\0",
                                     11}) {
    bare.write({&byte, 1});
    bare.settle();
  }
  CHECK(bare.end.messages == std::vector<std::string>{"abc", ""});
  CHECK(!bare.end.closed);
}

TEST_CASE("a peer that sends descriptors without messages is cut off before it takes them all") {
  Bare bare;
  for (int i = 0; i < 100 && !bare.end.closed; ++i) {
    bare.write_with({"", 1}, 1);
    bare.settle();
  }
  CHECK(bare.end.closed);
}

TEST_CASE("a peer that sends more than one descriptor at once is cut off, and all are closed") {
  for (const std::size_t count : {2U, 3U, 20U}) {
    Bare bare;
    const std::size_t before = open_descriptors();
    bare.write_with({"\x80\0\0\x02ok", 6}, count);
    bare.settle();
    CHECK(bare.end.closed);
    CHECK(bare.end.messages.empty());
    CHECK(open_descriptors() == before - 1);  // without the channel's own
  }
}

TEST_CASE("a descriptor that nobody takes is closed") {
  boost::asio::io_context io{1};
  const auto ends = socket_pair();
  std::size_t heard = 0;
  const Channel deaf{io, ends.first, {[&](std::string_view, const base::Fd&) { ++heard; }, [] {}}};
  Channel peer{io, ends.second, {}};
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 10; ++i) peer.send("unasked", STDERR_FILENO);
  while (heard < 10) io.run_one();
  CHECK(open_descriptors() == before);
}

TEST_CASE("a handler may destroy its channel") {
  boost::asio::io_context io{1};
  const auto ends = socket_pair();
  std::size_t heard = 0;
  std::optional<Channel> channel;
  channel.emplace(io, ends.first,
                  Channel::Handler{[&](std::string_view, const base::Fd&) {
                                     ++heard;
                                     channel.reset();
                                   },
                                   [] { FAIL("nothing follows"); }});
  const std::string_view two{
      "\0\0\0\x01"
      "a\0\0\0\x01"
      "b",
      10};
  REQUIRE(write(ends.second, two.data(), two.size()) == 10);
  io.poll();
  CHECK(heard == 1);
  close(ends.second);
}
