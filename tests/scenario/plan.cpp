#include "plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace scenario {
namespace {

using Kind = Happening::Kind;
using keepalive::vrrp::Failback;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time loan{seconds{2}};

constexpr std::array kinds{Kind::cut,       Kind::split,     Kind::heal,      Kind::loss,
                           Kind::crash,     Kind::stop,      Kind::start,     Kind::stall,
                           Kind::suspend,   Kind::to_master, Kind::to_backup, Kind::priority,
                           Kind::link_down, Kind::link_up,   Kind::take_away, Kind::leave_over};

constexpr std::array line_kinds{Kind::line_cut, Kind::line_loss, Kind::blind};

/// Heartbeat lines in some worlds, with troubles of their own. Other dice: the rest is as without them.
void add_lines(Plan& plan) {
  Dice dice{plan.seed + 2};
  plan.lines = dice.percent(60);
  plan.witness = dice.percent(70);
  if (!plan.lines) return;
  for (std::size_t left = dice.below(8); left > 0; --left) {
    Happening one{.at = dice.up_to(plan.end), .kind = line_kinds.at(dice.below(line_kinds.size()))};
    one.node = dice.below(plan.priorities.size());
    one.other = dice.below(plan.priorities.size());
    one.value = dice.percent(50) ? 10 : 40;
    plan.happenings.push_back(one);
  }
  std::stable_sort(plan.happenings.begin(), plan.happenings.end(),
                   [](const Happening& one, const Happening& other) { return one.at < other.at; });
}

/// Some directors that fail back when synced, as they are told now and then. Other dice, too.
void add_syncs(Plan& plan) {
  Dice dice{plan.seed + 3};
  for (std::size_t left = 2 + dice.below(6); left > 0; --left)
    plan.happenings.push_back({.at = dice.up_to(plan.end),
                               .kind = Kind::synced,
                               .node = dice.below(plan.priorities.size()),
                               .value = dice.below(3)});
  std::stable_sort(plan.happenings.begin(), plan.happenings.end(),
                   [](const Happening& one, const Happening& other) { return one.at < other.at; });
}

Happening any(Dice& dice, const Plan& plan) {
  Happening one{.kind = kinds.at(dice.below(kinds.size())), .node = dice.below(plan.priorities.size())};
  one.other = dice.below(plan.priorities.size());
  one.value = dice.below(plan.instances);
  one.span = dice.up_to(6 * plan.longest_down());
  if (one.kind == Kind::cut && (plan.grouped || dice.percent(50))) one.value = 2;
  if (one.kind == Kind::split) one.value = dice.below(std::size_t{1} << plan.priorities.size());
  if (one.kind == Kind::loss) one.value = dice.percent(50) ? 10 : 40;
  if (one.kind == Kind::priority) one.value = 1 + dice.below(254);
  return one;
}

/// A few things at once, mostly made good again, and then time for all to settle.
void add_chapter(Plan& plan, Dice& dice) {
  const std::size_t many = 1 + dice.below(5);
  for (std::size_t i = 0; i < many; ++i) {
    plan.end += dice.up_to(dice.percent(50) ? plan.interval : 2 * plan.longest_down());
    Happening one = any(dice, plan);
    one.at = plan.end;
    plan.happenings.push_back(one);
  }
  const auto mend = [&](Kind kind, std::size_t node) {
    plan.happenings.push_back({.at = plan.end, .kind = kind, .node = node});
  };
  plan.end += dice.up_to(6 * plan.longest_down());
  if (dice.percent(70)) mend(Kind::heal, 0);
  for (std::size_t node = 0; node < plan.priorities.size(); ++node) {
    if (dice.percent(70)) mend(Kind::start, node);
    if (dice.percent(70)) mend(Kind::link_up, node);
  }
  plan.end += 6 * plan.longest_down();  // the longest stall
  plan.end += plan.settled() + dice.up_to(plan.settled());
}

}  // namespace

Time Plan::settled() const {
  Time time = loan + (lines ? 7 : 3) * longest_down();
  if (failback.delay > Time{0}) time += failback.delay + 2 * longest_down();
  return grouped ? time + 10 * longest_down() : time;
}

Plan make_plan(std::uint64_t seed) {
  constexpr std::array intervals{Time{milliseconds{10}}, Time{milliseconds{100}}, Time{seconds{1}}};
  Dice dice{seed};
  Plan plan{.seed = seed, .interval = intervals.at(dice.below(intervals.size()))};
  const std::size_t directors = 2 + dice.below(3);
  const bool equal = dice.percent(30);
  for (std::size_t i = 0; i < directors; ++i)
    plan.priorities.push_back(equal ? 100 : static_cast<std::uint8_t>(1 + dice.below(254)));
  plan.failback.kind = static_cast<Failback::Kind>(dice.below(3));
  if (plan.failback.kind == Failback::Kind::delayed) plan.failback.delay = dice.up_to(10 * plan.interval);
  const bool syncs = Dice{seed + 4}.percent(25);
  if (syncs) plan.failback = {Failback::Kind::when_synced, plan.interval + Dice{seed + 5}.up_to(20 * plan.interval)};
  plan.instances = 1 + dice.below(2);
  plan.grouped = plan.instances == 2 && dice.percent(70);
  plan.crossed = dice.percent(50);
  for (std::size_t i = 0; i < directors; ++i) plan.happenings.push_back({.kind = Kind::start, .node = i});
  plan.end = plan.settled();
  for (std::size_t chapter = 0; chapter < 5; ++chapter) add_chapter(plan, dice);
  add_lines(plan);
  if (syncs) add_syncs(plan);
  return plan;
}

std::string text(const Happening& one) {
  constexpr std::array<std::string_view, 20> words{
      "is cut from", "splits",         "all is healed",        "loss",           "crashes",
      "stops",       "starts",         "is stopped for",       "is suspended",   "to master",
      "to backup",   "has priority",   "loses interface",      "has its links",  "is robbed of",
      "is given",    "has no line to", "loses words on lines", "has no witness", "is synced"};
  const std::string_view word = words.at(static_cast<std::size_t>(one.kind));
  return fmt::format("-- director {} {} (other {}, value {}, {} ms)", one.node, word, one.other, one.value,
                     one.span.count() / 1000);
}

std::string text(const Plan& plan) {
  constexpr std::array<std::string_view, 4> words{"immediate", "never", "delayed", "when-synced"};
  std::string line = fmt::format(
      "seed {}: adverts every {} ms, failback {} {} ms, {} instance(s){}{}{}{}, priorities", plan.seed,
      plan.interval.count() / 1000, words.at(static_cast<std::size_t>(plan.failback.kind)),
      plan.failback.delay.count() / 1000, plan.instances, plan.grouped ? ", a group" : "",
      plan.crossed ? ", addresses crossed" : "", plan.lines ? ", lines" : "", plan.witness ? ", witness" : "");
  for (const std::uint8_t priority : plan.priorities) line += fmt::format(" {}", priority);
  return line;
}

}  // namespace scenario
