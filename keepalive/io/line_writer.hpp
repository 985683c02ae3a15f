// Lines for the log, written by a thread of their own: a reader that stalls holds up nobody. What does not fit is
// dropped, counted, and told where it is missing.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "io/log.hpp"

namespace keepalive::io {

class LineWriter {
 public:
  /// Writes one line; may block.
  using Sink = std::function<void(Level level, const std::string& line)>;

  /// `most`: bytes that may wait. The thread starts with the first line: a process that forks or gives rights up has
  /// none before.
  LineWriter(Sink sink, std::size_t most);
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;
  /// What still waits is lost.
  ~LineWriter();

  void put(Level level, std::string line);
  /// Waits until all is written. False: not within this time.
  bool drain(std::chrono::milliseconds patience);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace keepalive::io
