#include "core/vrrp/announcer.hpp"

#include <doctest/doctest.h>

#include <map>

namespace announcer_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::size_t plenty = 1'000'000;

Place place(std::uint32_t number, const char* interface = "eth0") {
  return {interface, ipvs::Address{std::array<std::uint8_t, 4>{10, static_cast<std::uint8_t>(number >> 16U),
                                                               static_cast<std::uint8_t>(number >> 8U),
                                                               static_cast<std::uint8_t>(number)}}};
}

using Times = std::vector<std::int64_t>;

/// When each frame goes, in milliseconds, if nobody is late.
Times times(Announcer& announcer, Time until) {
  Times list;
  for (auto at = announcer.deadline(); at && *at <= until; at = announcer.deadline())
    for (std::size_t left = announcer.due(*at, plenty).size(); left > 0; --left) list.push_back(at->count() / 1000);
  return list;
}

}  // namespace

TEST_CASE("an address is announced some times at once, and as often again after the delay") {
  Announcer announcer;
  announcer.announce(place(1), {.repeat = 3, .delay = seconds{5}}, seconds{1});
  CHECK(times(announcer, seconds{60}) == Times{1000, 1000, 1000, 6000, 6000, 6000});
  CHECK(!announcer.deadline());
}

TEST_CASE("no delay: no second round; repeat 0: nothing at all") {
  Announcer announcer;
  announcer.announce(place(1), {.repeat = 2, .delay = Time{0}}, Time{0});
  announcer.announce(place(2), {.repeat = 0, .refresh = seconds{1}}, Time{0});
  CHECK(times(announcer, seconds{60}) == Times{0, 0});
}

TEST_CASE("a refresh says it once more every so often, for ever") {
  Announcer announcer;
  announcer.announce(place(1), {.repeat = 2, .delay = seconds{5}, .refresh = seconds{10}}, Time{0});
  CHECK(times(announcer, seconds{40}) == Times{0, 0, 5000, 5000, 15000, 25000, 35000});
}

TEST_CASE("frames of an interface keep their gap; another interface does not wait for them") {
  Announcer announcer;
  const Announcing how{.repeat = 2, .delay = Time{0}, .gap = milliseconds{10}};
  announcer.announce(place(1), how, Time{0});
  announcer.announce(place(2, "eth1"), how, Time{0});
  CHECK(times(announcer, seconds{1}) == Times{0, 0, 10, 10});
}

TEST_CASE("an address forgotten is not announced; one announced anew begins anew") {
  Announcer announcer;
  announcer.announce(place(1), {.repeat = 2}, Time{0});
  announcer.announce(place(2), {.repeat = 2}, Time{0});
  announcer.forget(place(1));
  announcer.forget(place(3));
  CHECK(announcer.due(Time{0}, plenty) == std::vector{place(2), place(2)});
  announcer.announce(place(2), {.repeat = 1, .delay = Time{0}}, seconds{1});
  CHECK(times(announcer, seconds{60}) == Times{1000});
}

TEST_CASE("each of many addresses is announced once before any is announced twice, whenever it came") {
  Announcer announcer;
  std::map<Place, int> counts;
  bool fair = true;
  std::uint32_t came = 0;
  for (Time now{0}; counts.size() < 16'000; now += milliseconds{1}) {
    for (std::uint32_t i = 0; i < 100 && came < 16'000; ++i, ++came)  // they come slower than they could go
      announcer.announce(place(came, came % 2 == 0 ? "eth0" : "eth1"), {}, now);
    bool repeated = false;
    for (const Place& one : announcer.due(now, 128)) repeated = ++counts[one] > 1 || repeated;
    fair = fair && (!repeated || counts.size() == came);
  }
  CHECK(fair);
}

TEST_CASE("interfaces share what may be sent in one go") {
  Announcer announcer;
  for (std::uint32_t i = 0; i < 1000; ++i) announcer.announce(place(i, i < 500 ? "eth0" : "eth1"), {}, Time{i});
  std::map<std::string, int> counts;
  for (int go = 0; go < 16; ++go)  // twice as many frames as there are addresses
    for (const Place& one : announcer.due(Time{1000}, 128)) ++counts[one.interface];
  CHECK(counts["eth0"] > 900);
  CHECK(counts["eth1"] > 900);
}

TEST_CASE("16,000 addresses have ten frames each, no more") {
  Announcer announcer;
  for (std::uint32_t i = 0; i < 16'000; ++i) announcer.announce(place(i), {}, Time{0});
  CHECK(times(announcer, seconds{60}).size() == 160'000);
}

}  // namespace announcer_test
