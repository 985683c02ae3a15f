#include "io/patience.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace keepalive::io;
using std::chrono::hours;
using std::chrono::milliseconds;

namespace {

/// Sleeps, and sees late what has come to its end meanwhile.
struct Sleeper {
  void sleep() {
    std::this_thread::sleep_for(milliseconds{20});
    io.restart();
    io.poll();
  }
  /// Its turn comes first of those that are over.
  void first(std::function<void()> act) {
    timer.expires_after(milliseconds{0});
    timer.async_wait([act = std::move(act)](const boost::system::error_code&) { act(); });
  }

  boost::asio::io_context io{1};
  boost::asio::steady_timer timer{io};
  Patience patience{io};
  int over = 0;
};

}  // namespace

TEST_CASE("patience ends once, when nothing is heard") {
  Sleeper one;
  one.patience.expect(milliseconds{1}, [&] { ++one.over; });
  one.io.run();
  CHECK(one.over == 1);
}

TEST_CASE("a word that is heard in the turn in which the patience is over still counts") {
  Sleeper one;
  one.first([&] { one.patience.expect(hours{1}, [&] { ++one.over; }); });
  one.patience.expect(milliseconds{1}, [&] { ++one.over; });
  one.sleep();
  one.sleep();
  CHECK(one.over == 0);
}

TEST_CASE("what is cancelled in the turn in which it is over does not happen") {
  Sleeper one;
  one.first([&] { one.patience.cancel(); });
  one.patience.expect(milliseconds{1}, [&] { ++one.over; });
  one.sleep();
  one.io.restart();
  one.io.run();
  CHECK(one.over == 0);
}

TEST_CASE("who slept waits once more, and only once") {
  Sleeper one;
  one.patience.expect(milliseconds{1}, [&] { ++one.over; });
  one.sleep();
  CHECK(one.over == 0);
  one.sleep();
  CHECK(one.over == 1);
}
