#include "sync/parity.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

namespace parity_test {

using namespace ipvs;
using namespace ipvs::sync;
using namespace std::chrono_literals;

namespace {

Entry connection(std::uint32_t number, std::uint16_t state = 1) {
  const auto byte = [&](unsigned shift) { return static_cast<std::uint8_t>(number >> shift); };
  return {.state = state,
          .client = {Address{std::array<std::uint8_t, 4>{10, byte(16), byte(8), byte(0)}}, {40000}},
          .virtual_endpoint = *Endpoint::parse("10.0.0.100:80"),
          .destination = *Endpoint::parse("10.0.0.11:80")};
}

Mirror mirror_of(std::uint32_t first, std::uint32_t last) {
  Mirror mirror;
  for (std::uint32_t i = first; i < last; ++i) mirror.hear(connection(i), 0s);
  return mirror;
}

Snapshot::Comparison compared(const Mirror& here, const Mirror& there) {
  const Snapshot one{here, settled};
  const Snapshot other{there, settled};
  const Digest digest = one.digest();
  return one.compare(other.differing(digest), digest.size());
}

}  // namespace

TEST_CASE("equal mirrors cost a digest and no more: 100 kB for 200,000 connections at most") {
  const Mirror mirror = mirror_of(0, 200000);
  const Snapshot here{mirror, settled};
  CHECK(here.size() == 200000);
  CHECK(here.digest().size() * 12 <= 100'000);
  CHECK(here.differing(here.digest()).empty());
  CHECK(compared(mirror, mirror) == Snapshot::Comparison{200000, {}, {}});
}

TEST_CASE("what one side lacks is named") {
  Mirror here = mirror_of(0, 1000);
  Mirror there = mirror_of(10, 1005);
  const auto result = compared(here, there);
  CHECK(result.common == 990);
  CHECK(result.only_here.size() == 10);
  CHECK(result.only_there.size() == 5);
  CHECK(result.permille() == 985);
  const auto& missing = result.only_there;
  CHECK(std::count(missing.begin(), missing.end(), fingerprint(connection(1003))) == 1);
}

TEST_CASE("an empty side against a full one, either way round") {
  const Mirror full = mirror_of(0, 300);
  CHECK(compared(full, {}).permille() == 0);
  CHECK(compared({}, full).only_there.size() == 300);
  CHECK(compared({}, {}).permille() == 1000);
}

TEST_CASE("another server for the same connection is a difference") {
  Mirror here;
  Mirror there;
  Entry entry = connection(1);
  here.hear(entry, 0s);
  entry.destination = *Endpoint::parse("10.0.0.12:80");
  there.hear(entry, 0s);
  CHECK(compared(here, there).permille() == 0);
}

TEST_CASE("what is young or closing is not compared") {
  Mirror mirror = mirror_of(0, 10);
  mirror.hear(connection(77), 1s);
  mirror.hear(connection(78, 4), 0s);
  CHECK(Snapshot{mirror, settled}.size() == 10);
}

TEST_CASE("a digest of a size that nobody makes is answered with nothing") {
  const Snapshot here{mirror_of(0, 10), settled};
  CHECK(here.differing(Digest(3)).empty());
  CHECK(here.differing({}).empty());
  CHECK(here.differing(Digest(1)).empty());
}

}  // namespace parity_test
