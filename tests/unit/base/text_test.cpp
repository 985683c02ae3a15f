#include "base/text.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using base::read_number;

TEST_CASE("a number is the whole text, within its type") {
  CHECK(read_number<std::uint8_t>("255") == 255);
  CHECK(read_number<std::int32_t>("-254") == -254);
  CHECK(read_number<std::uint32_t>("fF", 16) == 255);
  for (const auto* const text : {"", " ", " 1", "1 ", "+1", "-1", "256", "0x1", "1.0", "a"})
    CHECK_MESSAGE(!read_number<std::uint8_t>(text), text);
}

TEST_CASE("blanks at the ends go, and what is left is a place in the text") {
  const std::string_view text = " \t a b\t ";
  CHECK(base::trimmed(text) == "a b");
  CHECK(base::trimmed("\r\nx\n", "\r\n") == "x");
  const std::string_view none = base::trimmed("  ");
  CHECK(none.empty());
  CHECK(none.data() != nullptr);
}

TEST_CASE("what a file holds in its one line ends without blanks and line ends") {
  CHECK(base::without_end(" a b \t\r\n\n") == " a b");
  CHECK(base::without_end(" \r\n").empty());
}

TEST_CASE("the folder of a path") {
  CHECK(base::folder_of("/etc/keepalive/k.conf") == "/etc/keepalive/");
  CHECK(base::folder_of("k.conf").empty());
}
