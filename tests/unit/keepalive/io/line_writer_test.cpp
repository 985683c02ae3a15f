#include "io/line_writer.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <vector>

using namespace keepalive::io;
using std::chrono::milliseconds;

namespace {

/// A reader that takes lines while it is open.
struct Gate {
  std::mutex mutex = {};
  std::condition_variable changed = {};
  bool open = false;
  std::vector<std::string> lines = {};

  void take(const std::string& line) {
    std::unique_lock lock{mutex};
    changed.wait(lock, [this] { return open; });
    lines.push_back(line);
  }
  void set(bool now) {
    const std::lock_guard lock{mutex};
    open = now;
    changed.notify_all();
  }
};

}  // namespace

TEST_CASE("while the reader stalls nobody waits; what does not fit is told where it is missing") {
  Gate gate;
  LineWriter writer{[&](Level, const std::string& line) { gate.take(line); }, 10};
  writer.put(Level::info, "one");
  writer.put(Level::info, "two");
  writer.put(Level::info, "lost too");
  writer.put(Level::info, "lost as well");
  CHECK_FALSE(writer.drain(milliseconds{1}));
  gate.set(true);
  REQUIRE(writer.drain(milliseconds{10000}));
  writer.put(Level::info, "three");
  REQUIRE(writer.drain(milliseconds{10000}));
  CHECK(gate.lines == std::vector<std::string>{"one", "two", "LOG_LOST lines=2", "three"});
}

TEST_CASE("a writer goes though its reader stalls") {
  const auto gate = std::make_shared<Gate>();
  {
    LineWriter writer{[gate](Level, const std::string& line) { gate->take(line); }, 100};
    writer.put(Level::info, "one");
  }
  gate->set(true);
  CHECK(gate->lines.size() <= 1);
}
