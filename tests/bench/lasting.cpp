// Connections that last, with data flowing through all of them.
//
//   lasting serve PORT                       echoes, until it is killed
//   lasting hold ADDRESS PORT COUNT PAUSE    opens COUNT connections; on each a numbered message goes PAUSE ms after the
//                                            last was echoed. Prints "open" when each has had an echo, then hears words:
//     check SECONDS    each has to echo what is sent from now on; prints how many did, how many were reset, how many
//                      said nothing for so long, and how long it took in ms
//     (end)            ends
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using Events = std::array<epoll_event, 256>;

constexpr std::size_t most_opening = 100;  // a listener's queue, and one cpu
constexpr std::uint32_t console = ~0U;

sockaddr_in place(const char* address, const char* port) {
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  inet_pton(AF_INET, address, &there.sin_addr);
  return there;
}

void watch(int epoll, int fd, std::uint32_t name) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = name;
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

// ---- The server

void echo(int fd) {
  std::array<char, 4096> bytes;  // NOLINT: filled by the kernel
  const ssize_t got = recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0 || send(fd, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) != got) close(fd);
}

int serve(const char* port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in here = place("0.0.0.0", port);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 || listen(listener, 4096) != 0)
    return std::perror("lasting"), 1;
  const int epoll = epoll_create1(0);
  watch(epoll, listener, static_cast<std::uint32_t>(listener));
  for (;;) {
    Events events;
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = static_cast<int>(events[static_cast<std::size_t>(i)].data.u32);
      if (fd != listener) {
        echo(fd);
        continue;
      }
      for (int one = 0; (one = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;)
        watch(epoll, one, static_cast<std::uint32_t>(one));
    }
  }
}

// ---- The client

struct Message {
  std::uint32_t connection = 0;
  std::uint32_t number = 0;

  friend bool operator==(const Message&, const Message&) = default;
};

struct Connection {
  int fd = -1;
  std::uint32_t number = 0;  // of the last message
  bool reset = false;
  Clock::time_point sent = {};
  Clock::time_point proven = {};  // when the last message went that has come back
};

class Client {
 public:
  Client(sockaddr_in there, std::size_t count, milliseconds pause) : there_{there}, pause_{pause}, all_(count) {}

  int run() {
    watch(epoll_, STDIN_FILENO, console);
    while (!over_) {
      open_more();
      say_due();
      report();
      hear();
    }
    return 0;
  }

 private:
  void open_more() {
    while (begun_ < all_.size() && begun_ - proven_ < most_opening) {
      Connection& one = all_[begun_];
      one.fd = socket(AF_INET, SOCK_STREAM, 0);
      const int yes = 1;
      setsockopt(one.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      if (one.fd < 0 || connect(one.fd, reinterpret_cast<const sockaddr*>(&there_), sizeof there_) != 0) {
        std::perror("lasting: connect");
        std::exit(1);
      }
      watch(epoll_, one.fd, static_cast<std::uint32_t>(begun_));
      say(begun_++);
    }
  }

  void say(std::size_t place) {
    Connection& one = all_[place];
    if (one.reset) return;
    const Message message{static_cast<std::uint32_t>(place), ++one.number};
    one.sent = Clock::now();
    if (send(one.fd, &message, sizeof message, MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof message) broken(one);
  }

  void say_due() {
    const auto now = Clock::now();
    for (; !due_.empty() && due_.front().at <= now; due_.pop_front()) say(due_.front().place);
  }

  void broken(Connection& one) {
    one.reset = true;
    epoll_ctl(epoll_, EPOLL_CTL_DEL, one.fd, nullptr);
    close(one.fd);
  }

  void hear() {
    Events events;
    const auto left =
        due_.empty() ? milliseconds{100} : std::chrono::ceil<milliseconds>(due_.front().at - Clock::now());
    const int wait = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 100));
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
    for (int i = 0; i < count; ++i) {
      const std::uint32_t name = events[static_cast<std::size_t>(i)].data.u32;
      name == console ? hear_console() : hear_echo(name);
    }
  }

  void hear_echo(std::uint32_t place) {
    Connection& one = all_[place];
    Message message;
    const ssize_t got = recv(one.fd, &message, sizeof message, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got != sizeof message || message != Message{place, one.number}) return broken(one);
    if (one.number == 1) ++proven_;
    one.proven = one.sent;
    due_.push_back({Clock::now() + pause_, place});
  }

  void hear_console() {
    std::array<char, 64> bytes{};
    const ssize_t got = read(STDIN_FILENO, bytes.data(), bytes.size() - 1);
    over_ = got <= 0;
    int seconds = 0;
    if (std::sscanf(bytes.data(), "check %d", &seconds) != 1) return;
    asked_ = Clock::now();
    until_ = asked_ + std::chrono::seconds{seconds};
  }

  void report() {
    if (!told_open_ && proven_ == all_.size()) {
      told_open_ = true;
      tell("open\n");
    }
    if (asked_ == Clock::time_point{} || Clock::now() < looked_ + milliseconds{100}) return;
    looked_ = Clock::now();
    const auto live = std::count_if(all_.begin(), all_.end(),
                                    [this](const Connection& one) { return !one.reset && one.proven >= asked_; });
    const auto reset = std::count_if(all_.begin(), all_.end(), [](const Connection& one) { return one.reset; });
    const auto silent = static_cast<long>(all_.size()) - live - reset;
    if (silent > 0 && looked_ < until_) return;
    std::printf("%ld %ld %ld %ld\n", static_cast<long>(live), static_cast<long>(reset), silent,
                static_cast<long>(std::chrono::duration_cast<milliseconds>(looked_ - asked_).count()));
    std::fflush(stdout);
    asked_ = {};
  }

  static void tell(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  struct Due {
    Clock::time_point at = {};
    std::size_t place = 0;
  };

  sockaddr_in there_;
  milliseconds pause_;
  std::vector<Connection> all_;
  std::deque<Due> due_ = {};  // the pause is the same for all, so they stand in order
  std::size_t begun_ = 0;
  std::size_t proven_ = 0;  // have had an echo
  int epoll_ = epoll_create1(0);
  bool over_ = false;
  bool told_open_ = false;
  Clock::time_point asked_ = {};
  Clock::time_point until_ = {};
  Clock::time_point looked_ = {};
};

}  // namespace

int main(int argc, char** argv) {
  const rlimit many{65536, 65536};
  setrlimit(RLIMIT_NOFILE, &many);
  if (argc == 3 && std::string_view{argv[1]} == "serve") return serve(argv[2]);
  if (argc != 6 || std::string_view{argv[1]} != "hold") return 2;
  return Client{place(argv[2], argv[3]), static_cast<std::size_t>(std::atol(argv[4])), milliseconds{std::atoi(argv[5])}}
      .run();
}
