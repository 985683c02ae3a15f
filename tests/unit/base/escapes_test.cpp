#include "base/escapes.hpp"

#include <doctest/doctest.h>

using base::unescaped;

TEST_CASE("escapes are taken back, or refused") {
  CHECK(unescaped("web%2F10.0.0.11%3a80") == "web/10.0.0.11:80");
  CHECK_FALSE(unescaped("%"));
  CHECK_FALSE(unescaped("%2"));
  CHECK_FALSE(unescaped("%zz"));
  CHECK_FALSE(unescaped("%-1"));
}
