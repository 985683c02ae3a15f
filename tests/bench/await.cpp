// await LINES [SECONDS]: waits until /proc/net/ip_vs has so many lines of services and servers, then prints how long
// that took, in µs. Ends with 1 when the time is over (60 s).
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

constexpr long heading = 3;

long lines() {
  static std::array<char, 1 << 20> buffer;
  const int fd = open("/proc/net/ip_vs", O_RDONLY);
  if (fd < 0) return 0;  // the module is not loaded yet
  long count = -heading;
  for (ssize_t got = 0; (got = read(fd, buffer.data(), buffer.size())) > 0;)
    count += std::count(buffer.begin(), buffer.begin() + got, '\n');
  close(fd);
  return std::max(count, 0L);
}

}  // namespace

int main(int argc, char** argv) {
  using Clock = std::chrono::steady_clock;
  if (argc < 2) return 2;
  const long wanted = std::atol(argv[1]);
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::seconds{argc > 2 ? std::atoi(argv[2]) : 60};
  while (lines() != wanted) {
    if (Clock::now() > end) return std::fprintf(stderr, "await: %ld lines, not %ld\n", lines(), wanted), 1;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  std::printf("%ld\n",
              static_cast<long>(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count()));
}
