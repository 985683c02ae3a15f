#include "probe/schedule.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

namespace schedule_test {

using keepalive::core::Time;
using keepalive::probe::Schedule;

TEST_CASE("the earliest is due first, and nothing before its time") {
  Schedule schedule;
  schedule.set(0, Time{30});
  schedule.set(1, Time{10});
  schedule.set(2, Time{20});
  CHECK(schedule.next() == Time{10});
  CHECK(schedule.pop(Time{9}) == std::nullopt);
  CHECK(schedule.pop(Time{25}) == 1U);
  CHECK(schedule.pop(Time{25}) == 2U);
  CHECK(schedule.pop(Time{25}) == std::nullopt);
  CHECK(schedule.size() == 1);
}

TEST_CASE("a slot has one time: the last that was set") {
  Schedule schedule;
  schedule.set(7, Time{10});
  schedule.set(7, Time{30});
  schedule.set(3, Time{20});
  CHECK(schedule.pop(Time{100}) == 3U);
  CHECK(schedule.pop(Time{100}) == 7U);
  CHECK(schedule.next() == std::nullopt);
}

TEST_CASE("after any sequence of changes, slots come out in the order of their times") {
  std::minstd_rand random{1};
  Schedule schedule;
  std::map<std::uint32_t, Time> model;
  for (int i = 0; i < 20'000; ++i) {
    const auto slot = static_cast<std::uint32_t>(random() % 300);
    const Time at{static_cast<std::int64_t>(random() % 1000)};
    if (random() % 3 == 0) {
      schedule.erase(slot);
      model.erase(slot);
    } else {
      schedule.set(slot, at);
      model[slot] = at;
    }
  }
  CHECK(schedule.size() == model.size());
  Time last{0};
  while (const auto slot = schedule.pop(Time{1000})) {
    CHECK(model.at(*slot) >= last);
    last = model.at(*slot);
    model.erase(*slot);
  }
  CHECK(model.empty());
}

}  // namespace schedule_test
