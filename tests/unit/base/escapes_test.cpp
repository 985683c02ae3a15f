#include "base/escapes.hpp"

#include <doctest/doctest.h>

using base::escaped;
using base::unescaped;

TEST_CASE("escapes are taken back, or refused") {
  CHECK(unescaped("web%2F10.0.0.11%3a80") == "web/10.0.0.11:80");
  CHECK_FALSE(unescaped("%"));
  CHECK_FALSE(unescaped("%2"));
  CHECK_FALSE(unescaped("%zz"));
  CHECK_FALSE(unescaped("%-1"));
}

TEST_CASE("escapes: all but letters, digits and what is kept") {
  CHECK(escaped("Web-1/10.0.0.11:80 \xff") == "Web-1%2F10.0.0.11%3A80%20%FF");
  CHECK(escaped("a=b,c", "=") == "a=b%2Cc");
}

TEST_CASE("a list in a query: names between commas, at most so many") {
  using Names = std::set<std::string, std::less<>>;
  CHECK(base::listed("").empty());
  CHECK(base::listed("a,b") == Names{"a", "b"});
  CHECK(base::listed("a,,b,") == Names{"", "a", "b"});
  CHECK(base::listed("a,b,c", 2) == Names{"a", "b"});
}
