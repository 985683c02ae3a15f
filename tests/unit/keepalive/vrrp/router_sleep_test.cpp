// A router whose process stood still: others may be master since.
#include <string>

#include "two_links.hpp"

namespace router_sleep_test {

using namespace two_links;

TEST_CASE("a master that slept takes its addresses away at once and says nothing before it has listened") {
  Host one = master({v1()});
  const Time woken = seconds{18};
  CHECK(step(one, advert(50), woken) == "VRRP_BACKUP v1: stalled for 8390 ms: another may be master\n");
  CHECK(text(one.run(woken)) == "remove eth0 10.0.0.100\n");
  CHECK(text(one.run(woken + down_100 - Time{1})).empty());
  CHECK(text(one.run(woken + down_100)).starts_with("send"));
}

TEST_CASE("a master that slept for less than a loan serves on while it listens") {
  Instance fast = v1();
  fast.advertise = milliseconds{10};
  Host one = master({fast});
  const Time woken = seconds{10} + milliseconds{50};
  CHECK(step(one, advert(50), woken).starts_with("VRRP_BACKUP v1: stalled for 5"));
  CHECK(text(one.run(woken)) == "add lo 10.0.0.100\nremove eth0 10.0.0.100\n");
  const std::string later = text(one.run(woken + milliseconds{100}));
  CHECK(only(later, "add") + only(later, "remove") == "add eth0 10.0.0.100\nremove lo 10.0.0.100\n");
}

TEST_CASE("a loan after sleep ends two seconds after the last advertisement") {
  Instance fast = v1();
  fast.advertise = milliseconds{100};
  Host one = master({fast});
  step(one, Tick{}, seconds{11});
  one.run(seconds{11});
  for (Time now = seconds{11}; now < seconds{13}; now += milliseconds{100}) {
    step(one, advert(200), now);
    const bool lent = one.addresses.contains({"lo", at("10.0.0.100")});
    one.run(now);
    CHECK(lent == (now <= seconds{12}));
  }
}

TEST_CASE("a group that slept says nothing either, whatever it hears first as it wakes") {
  for (const Event& event : {Event{Tick{}}, Event{advert(50)}, Event{Stop{}}, Event{Switchover{"v1", false}},
                             Event{LinkIs{"eth0", Link{.mac = our_mac}}}}) {
    CAPTURE(text(event));
    Host one = master({grouped(v1()), v2("g1")});
    std::string lines = step(one, event, seconds{18});
    lines += text(one.run(seconds{18}));
    CHECK(only(lines, "send").empty());
    CHECK(only(lines, "add").empty());
    CHECK(one.addresses.size() == 2);  // our own ones
  }
}

}  // namespace router_sleep_test
