#include "core/versions.hpp"

#include <doctest/doctest.h>

#include "base/bytes.hpp"

using namespace keepalive::core;

TEST_CASE("a version, and what waits to be confirmed, come back from a file as they went; half a file is none") {
  const ConfigVersion version{.number = 7,
                              .time = Time{1'700'000'000'000'000},
                              .by = "anna",
                              .comment = "more servers",
                              .generation = 3,
                              .texts = {{"/etc/k.conf", "[global]\n"}, {"/etc/b", ""}}};
  const Pending pending{.version = 7, .back_to = 6, .until = Time{9}, .term = Time{5}};
  CHECK(decode_version(base::as_bytes(encode(version))) == version);
  CHECK(decode_pending(base::as_bytes(encode(pending))) == pending);
  const std::string half = encode(version).substr(0, 30);
  CHECK(!decode_version(base::as_bytes(half)));
  CHECK(!decode_version(base::as_bytes(encode(pending))));
  CHECK(!decode_pending(base::as_bytes(std::string{})));
}

TEST_CASE("nothing waits longer than it was given, whatever the clock says") {
  const Pending pending{.version = 7, .back_to = 6, .until = Time{100}, .term = Time{60}};
  CHECK(remaining(pending, Time{70}) == Time{30});
  CHECK(remaining(pending, Time{100}) == Time{0});
  CHECK(remaining(pending, Time{5000}) == Time{0});
  CHECK(remaining(pending, Time{-5000}) == Time{60});
}
