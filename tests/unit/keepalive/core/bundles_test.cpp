#include "core/bundles.hpp"

#include <doctest/doctest.h>

namespace bundles_test {

using namespace keepalive::core;

namespace {

std::uint32_t add(Bundles& bundles, const std::string& path) { return bundles.add({.path = path}).serial; }
const auto nobody = [](std::uint32_t) { return false; };

}  // namespace

TEST_CASE("the configuration in force stays, however many are looked at beside it") {
  Bundles bundles;
  const std::uint32_t first = add(bundles, "a");
  REQUIRE(bundles.adopt(first) != nullptr);
  std::uint32_t serials[5] = {};
  for (std::uint32_t& serial : serials) serial = add(bundles, "b");
  CHECK(bundles.adopt(serials[0])->path == "b");
  bundles.keep(nobody);
  CHECK(bundles.find(first) == nullptr);
  REQUIRE(bundles.find(serials[0]) != nullptr);
  for (const std::uint32_t serial : {serials[1], serials[2], serials[3], serials[4]}) bundles.drop(serial);
  CHECK(bundles.size() == 1);
  CHECK(bundles.find(serials[0])->serial == serials[0]);
}

TEST_CASE("what is refused or only planned is gone, and is not adopted any more") {
  Bundles bundles;
  const std::uint32_t one = add(bundles, "a");
  const std::uint32_t two = add(bundles, "b");
  CHECK(bundles.find(one)->path == "a");  // it may run programs before it is in force
  CHECK_FALSE(bundles.outdated(one));
  bundles.drop(one);
  CHECK(bundles.find(one) == nullptr);
  CHECK(bundles.adopt(one) == nullptr);
  bundles.drop_pending();
  CHECK(bundles.adopt(two) == nullptr);
  CHECK(bundles.adopt(99) == nullptr);
  CHECK(bundles.size() == 0);
}

TEST_CASE("an earlier one stays as long as it is needed") {
  Bundles bundles;
  const std::uint32_t one = add(bundles, "a");
  bundles.adopt(one);
  const std::uint32_t two = add(bundles, "b");
  bundles.adopt(two);
  bundles.keep([&](std::uint32_t serial) { return serial == one; });
  CHECK(bundles.find(one)->path == "a");
  CHECK(bundles.outdated(one));
  CHECK_FALSE(bundles.outdated(two));
  bundles.keep(nobody);
  CHECK(bundles.find(one) == nullptr);
  CHECK(bundles.find(two)->path == "b");
}

}  // namespace bundles_test
