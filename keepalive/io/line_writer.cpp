#include "io/line_writer.hpp"

#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace keepalive::io {

struct LineWriter::State {
  State(Sink its, std::size_t its_most) : sink{std::move(its)}, most{its_most} {}

  struct Line {
    Level level;
    std::string text;
  };

  void push(Level level, std::string text) {
    size += text.size();
    lines.push_back({level, std::move(text)});
  }
  /// Where lines are missing.
  void tell_lost() {
    if (lost > 0) push(Level::warning, "LOG_LOST lines=" + std::to_string(std::exchange(lost, 0)));
  }

  void write() {
    std::unique_lock lock{mutex};
    for (;;) {
      if (lines.empty()) tell_lost();
      if (lines.empty()) idle.notify_all();
      more.wait(lock, [this] { return ended || !lines.empty(); });
      if (ended) return;
      const Line line = std::move(lines.front());
      lock.unlock();
      sink(line.level, line.text);
      lock.lock();
      size -= line.text.size();
      lines.pop_front();
    }
  }

  const Sink sink;
  const std::size_t most;
  std::mutex mutex = {};
  std::condition_variable more = {};
  std::condition_variable idle = {};
  std::deque<Line> lines = {};
  std::size_t size = 0;
  std::size_t lost = 0;
  bool running = false;
  bool ended = false;
};

namespace {

/// Signals are for the others.
bool start(const std::function<void()>& work) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool good = true;
  try {
    std::thread{work}.detach();
  } catch (const std::system_error&) {
    good = false;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return good;
}

}  // namespace

LineWriter::LineWriter(Sink sink, std::size_t most) : state_{std::make_shared<State>(std::move(sink), most)} {}

LineWriter::~LineWriter() {
  const std::lock_guard lock{state_->mutex};
  state_->ended = true;
  state_->more.notify_all();
}

void LineWriter::put(Level level, std::string line) {
  const std::lock_guard lock{state_->mutex};
  if (state_->size + line.size() > state_->most) return static_cast<void>(++state_->lost);
  state_->tell_lost();
  state_->push(level, std::move(line));
  if (!state_->running) state_->running = start([state = state_] { state->write(); });
  if (!state_->running) return static_cast<void>((state_->lines.clear(), state_->size = 0, ++state_->lost));
  state_->more.notify_one();
}

bool LineWriter::drain(std::chrono::milliseconds patience) {
  std::unique_lock lock{state_->mutex};
  return state_->idle.wait_for(lock, patience, [this] { return state_->lines.empty() && state_->lost == 0; });
}

}  // namespace keepalive::io
