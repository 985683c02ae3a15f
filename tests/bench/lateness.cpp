// lateness SECONDS [MS]: the most by which a timer of so many ms (50) comes too late in so many seconds, in µs: what the
// machine does to any program.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

int main(int argc, char** argv) {
  using Clock = std::chrono::steady_clock;
  if (argc < 2) return 2;
  const std::chrono::milliseconds interval{argc > 2 ? std::atoi(argv[2]) : 50};
  Clock::duration worst{0};
  const auto end = Clock::now() + std::chrono::seconds{std::atoi(argv[1])};
  for (auto due = Clock::now(); due < end;) {
    due += interval;
    std::this_thread::sleep_until(due);
    const auto now = Clock::now();
    if (now - due > worst) worst = now - due;
    if (now > due) due = now;
  }
  std::printf("%ld\n", static_cast<long>(std::chrono::duration_cast<std::chrono::microseconds>(worst).count()));
}
