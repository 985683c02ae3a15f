// All heartbeat lines of this director, and what the others say on them of their virtual routers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/vrrp/line.hpp"

namespace keepalive::core::vrrp {

class Lines {
 public:
  /// `seed`: another one at each start of the process, from the system's randomness.
  explicit Lines(std::uint64_t seed) : random_{seed}, node_{draw()} {}

  /// These, and no others; one that is as it was goes on.
  void want(const std::vector<Heartbeat>& settings, Time now);
  bool empty() const { return lines_.empty(); }
  /// By name.
  const std::map<std::string, Line>& all() const { return lines_; }

  /// A virtual router of another director has another state; `after`: nothing: it is there no more.
  struct Change {
    std::uint64_t node = 0;
    Word before = {};
    std::optional<Word> after = std::nullopt;
  };
  struct Heard {
    std::vector<Change> changes = {};
    bool back = false;  // the line was silent before
  };
  Heard hear(const std::string& line, std::string_view bytes, Time now);

  /// Before all else in a step: for how long the process was not there to listen.
  Time wake(Time now);
  /// Those that have just become silent.
  std::vector<std::string> lost(Time now);

  /// What another director says of a virtual router, on a line that lives.
  struct Other {
    std::string line = "";
    std::uint64_t node = 0;
    Word word = {};
    Time heard{0};
    Time until{0};  // then the line is silent
  };
  /// The latest word of each.
  std::vector<Other> others(std::uint8_t id, ipvs::Family family) const;

  bool due(Time now) const;
  void hurry(Time now);
  /// Says this on all lines that are due: the line's name, and bytes.
  std::vector<std::pair<std::string, std::string>> speak(const std::vector<Word>& words, Time interval, Time now);
  std::optional<Time> deadline() const;
  /// At the end of a step.
  void rest() { expected_ = deadline(); }

 private:
  std::uint64_t draw();
  std::vector<Change> changes(const Beat& beat);

  std::mt19937_64 random_;
  std::uint64_t node_;
  std::uint64_t sequence_ = 0;
  std::map<std::string, Line> lines_ = {};
  std::map<std::uint64_t, Beat> latest_ = {};  // of each node that a line has
  std::optional<Time> expected_ = std::nullopt;
};

}  // namespace keepalive::core::vrrp
