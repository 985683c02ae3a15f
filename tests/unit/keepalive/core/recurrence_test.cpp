#include "core/recurrence.hpp"

#include <doctest/doctest.h>

#include "ipvs++/service.hpp"

namespace recurrence_test {

using namespace keepalive::core;

namespace {

using Keys = std::set<ipvs::ServiceKey>;
const ipvs::ServiceKey one = ipvs::FwmarkKey{ipvs::Fwmark{1}, ipvs::Family::ipv4};
const ipvs::ServiceKey other = ipvs::FwmarkKey{ipvs::Fwmark{2}, ipvs::Family::ipv4};
constexpr Time interval = std::chrono::seconds{30};

}  // namespace

TEST_CASE("the fifth repair of a service within ten looks tells that somebody else manages it") {
  Recurrence<ipvs::ServiceKey> recurrence;
  for (int look = 0; look < 4; ++look) CHECK(recurrence.take({one, other}, interval, interval * look * 2).empty());
  CHECK(recurrence.take({one}, interval, interval * 8) == Keys{one});
  CHECK(recurrence.over(interval, interval * 16) == Keys{});
  CHECK(recurrence.over(interval, interval * 17) == Keys{other});
  CHECK(recurrence.over(interval, interval * 19) == Keys{one});
  CHECK(recurrence.take({one}, interval, interval * 20) == Keys{});
}

TEST_CASE("repairs that are far apart are the work of people") {
  Recurrence<ipvs::ServiceKey> recurrence;
  for (int look = 0; look < 100; look += 3) CHECK(recurrence.take({one}, interval, interval * look).empty());
}

}  // namespace recurrence_test
