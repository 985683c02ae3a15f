// Worlds of directors from seeds, until one breaks a promise: then its plan is made as small as it gets, and what
// happened is printed.
//   vrrp_scenario [SECONDS]          the seeds that failed once, then new ones
//   vrrp_scenario --seed SEED        one world, with all that is done in it
#include <fmt/core.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "judge.hpp"
#include "plan.hpp"
#include "world.hpp"

namespace {

using namespace scenario;

// Each of them showed a fault once, of the directors or of their judge.
constexpr std::array<std::uint64_t, 5> failed_once{445912152, 1506705851, 2519045977, 3461892612, 3083580143};

enum class Telling : std::uint8_t { silent, last, all };

struct Outcome {
  std::optional<std::string> fault = std::nullopt;
  std::uint64_t steps = 0;
  std::deque<std::string> transcript = {};
};

class Transcript {
 public:
  Transcript(const World& world, std::deque<std::string>& lines, Telling telling)
      : world_{world}, lines_{lines}, telling_{telling} {}
  /// What is the same each time is shown once: advertisements.
  void add(const std::string& who, const std::string& text) {
    const std::string key = who + text.substr(0, text.rfind(' '));
    if (std::exchange(said_[key], text) != text || text.find(" priority ") == std::string::npos) add(who + text);
  }
  void add(const std::string& text) {
    constexpr std::size_t most = 200;
    lines_.push_back(fmt::format("{:>10.3f} {}", static_cast<double>(world_.now.count()) / 1000, text));
    if (telling_ == Telling::last && lines_.size() > most) lines_.pop_front();
  }

 private:
  const World& world_;
  std::deque<std::string>& lines_;
  Telling telling_;
  std::map<std::string, std::string> said_ = {};
};

Outcome play(const Plan& plan, Telling telling) {
  Outcome outcome;
  World world{plan};
  Judge judge{world};
  Transcript transcript{world, outcome.transcript, telling};
  const bool tells = telling != Telling::silent;
  world.on_happening = [&](const Happening& one) {
    if (tells) transcript.add(text(one));
  };
  world.on_event = [&](std::size_t director, const vrrp::Event& event) {
    if (tells && !std::holds_alternative<vrrp::Tick>(event))
      transcript.add(fmt::format("{}   < ", director), vrrp::text(event));
    judge.see(director, event);
  };
  world.on_action = [&](std::size_t director, const vrrp::Action& action) {
    if (tells) transcript.add(fmt::format("{} > ", director), vrrp::text(action));
    judge.see(director, action);
  };
  while (!judge.fault() && world.go_on()) judge.look();
  outcome.fault = judge.fault();
  outcome.steps = world.steps;
  return outcome;
}

/// Without all that is not needed to fail.
Plan smallest(Plan plan) {
  for (std::size_t i = plan.happenings.size(); i-- > 0;) {
    Plan less = plan;
    less.happenings.erase(less.happenings.begin() + static_cast<std::ptrdiff_t>(i));
    if (play(less, Telling::silent).fault) plan = less;
  }
  return plan;
}

int report(const Plan& whole) {
  const Plan plan = smallest(whole);
  const Outcome outcome = play(plan, Telling::last);
  fmt::print("{}\n", text(plan));
  for (const std::string& line : outcome.transcript) fmt::print("{}\n", line);
  fmt::print("FAULT: {}\nagain: vrrp_scenario --seed {}\n", outcome.fault.value_or("none"), plan.seed);
  return 1;
}

int show(std::uint64_t seed) {
  const Plan plan = make_plan(seed);
  const Outcome outcome = play(plan, Telling::all);
  fmt::print("{}\n", text(plan));
  for (const std::string& line : outcome.transcript) fmt::print("{}\n", line);
  fmt::print("{} steps, {}\n", outcome.steps, outcome.fault ? "FAULT: " + *outcome.fault : "no fault");
  return outcome.fault ? report(plan) : 0;
}

int play_all(std::chrono::seconds span) {
  const auto end = std::chrono::steady_clock::now() + span;
  std::uint64_t steps = 0;
  std::uint64_t worlds = 0;
  const auto fails = [&](std::uint64_t seed) {
    const Outcome outcome = play(make_plan(seed), Telling::silent);
    steps += outcome.steps;
    ++worlds;
    return outcome.fault.has_value();
  };
  for (const std::uint64_t seed : failed_once)
    if (fails(seed)) return report(make_plan(seed));
  const std::uint64_t first = std::random_device{}();
  for (std::uint64_t seed = first; std::chrono::steady_clock::now() < end; ++seed)
    if (fails(seed)) return report(make_plan(seed));
  fmt::print("{} worlds, {} steps, seeds from {}\n", worlds, steps, first);
  return 0;
}

std::uint64_t number(const char* text) {
  std::uint64_t value = 0;
  std::from_chars(text, text + std::strlen(text), value);
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string{argv[1]} == "--seed") return show(number(argv[2]));
  return play_all(std::chrono::seconds{argc > 1 ? number(argv[1]) : 5});
}
