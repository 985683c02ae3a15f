#include "core/vrrp/lateness.hpp"

#include <doctest/doctest.h>

namespace lateness_test {

using keepalive::core::vrrp::Lateness;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

/// The one bucket that counts it.
std::size_t bucket(microseconds late) {
  Lateness one;
  one.add(late);
  for (std::size_t i = 0; i < one.counts.size(); ++i)
    if (one.counts[i] == 1) return i;
  return one.counts.size();
}

}  // namespace

TEST_CASE("a bucket ends with its own bound, and the last one has none") {
  CHECK(bucket(microseconds{0}) == 0);
  for (std::size_t i = 0; i < Lateness::ends.size(); ++i) {
    CAPTURE(i);
    CHECK(bucket(Lateness::ends.at(i)) == i);
    CHECK(bucket(Lateness::ends.at(i) + microseconds{1}) == i + 1);
  }
  CHECK(bucket(std::chrono::hours{1}) == Lateness::ends.size());
}

TEST_CASE("what was counted elsewhere is added, if it was counted in the same buckets") {
  Lateness all;
  all.add(milliseconds{3});
  Lateness more;
  more.add(milliseconds{4});
  more.add(milliseconds{70});
  all.add(more);
  CHECK(all.count() == 3);
  CHECK(all.counts[2] == 2);
  CHECK(all.counts[6] == 1);
  CHECK(all.sum == milliseconds{77});
  CHECK(all.worst == milliseconds{70});
  const Lateness before = all;
  more.counts.pop_back();
  all.add(more);
  CHECK(all == before);
}

}  // namespace lateness_test
