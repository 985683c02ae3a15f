// caller ADDRESS PORT SECONDS [STOP]: sends a numbered datagram every millisecond and hears the echoes; a second after the
// last one, or after a file STOP is there, it prints on a line: how many were sent, how many not answered, the longest
// time from one answer to the next in µs, the first call that was not answered or -1, and the one that ended that time.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Tally {
  std::vector<bool> answered = {};
  Clock::time_point last = {};  // answer
  Clock::duration gap{0};
  std::uint32_t after = 0;  // the call whose answer ended it
};

void hear(int fd, Tally& tally) {
  std::uint32_t number = 0;
  while (recv(fd, &number, sizeof number, MSG_DONTWAIT) == sizeof number) {
    const auto now = Clock::now();
    if (number >= tally.answered.size()) continue;
    if (tally.last != Clock::time_point{} && now - tally.last > tally.gap) {
      tally.gap = now - tally.last;
      tally.after = number;
    }
    tally.last = now;
    tally.answered[number] = true;
  }
}

void hear_until(int fd, Tally& tally, Clock::time_point end) {
  for (auto left = end - Clock::now(); left > Clock::duration{0}; left = end - Clock::now()) {
    pollfd ready{fd, POLLIN, 0};
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
    const timespec wait{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
    if (ppoll(&ready, 1, &wait, nullptr) > 0) hear(fd, tally);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[2])));
  inet_pton(AF_INET, argv[1], &there.sin_addr);
  // Not connected: a refusal by ICMP must not end it.
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::seconds{std::atoi(argv[3])};
  Tally tally;
  for (auto due = begin; due < end; due = std::max(due + milliseconds{1}, Clock::now() - milliseconds{1})) {
    hear_until(fd, tally, due);
    const auto number = static_cast<std::uint32_t>(tally.answered.size());
    tally.answered.push_back(false);
    sendto(fd, &number, sizeof number, MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&there), sizeof there);
    constexpr std::uint32_t look_every = 100;
    if (argc > 4 && number % look_every == 0 && access(argv[4], F_OK) == 0) break;
  }
  hear_until(fd, tally, Clock::now() + std::chrono::seconds{1});
  const auto missing = std::count(tally.answered.begin(), tally.answered.end(), false);
  const auto first = std::find(tally.answered.begin(), tally.answered.end(), false) - tally.answered.begin();
  std::printf("%zu %ld %ld %ld %u\n", tally.answered.size(), static_cast<long>(missing),
              static_cast<long>(std::chrono::duration_cast<std::chrono::microseconds>(tally.gap).count()),
              missing > 0 ? static_cast<long>(first) : -1, tally.after);
}
