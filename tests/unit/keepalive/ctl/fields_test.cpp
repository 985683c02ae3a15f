#include "fields.hpp"

#include <doctest/doctest.h>

#include "table.hpp"

namespace keepalive::ctl {
namespace {

TEST_CASE("moments and spans of RFC 3339 times") {
  CHECK(moment("1970-01-01T00:00:00.000000Z") == 0);
  CHECK(moment("2000-02-29T00:00:00.000001Z") == 951'782'400'000'001);
  for (const char* bad :
       {"", "2026-11-24", "2026-13-24T00:00:00.000000Z", "2026-11-24T00:00:00.000000+", "x026-11-24T00:00:00.000000Z"})
    CHECK_FALSE(moment(bad).has_value());
  CHECK(span("2026-11-24T00:00:00.000000Z", "2026-11-24T00:00:42.900000Z") == "42 s");
  CHECK(span("2026-11-24T00:00:02.000000Z", "2026-11-24T00:00:00.000000Z") == "0 ms");
  CHECK(span("", "2026-11-24T00:00:00.000000Z") == "");
}

TEST_CASE("what is not there, or is something else, is empty") {
  const auto object = read_object(R"({"a":"x","n":-3,"u":18446744073709551615,"b":true,"l":[1],"o":{"p":"q"}})");
  CHECK(text(object, "a") == "x");
  CHECK(text(object, "n") == "");
  CHECK(text(object, "z") == "");
  CHECK(number(object, "n") == -3);
  CHECK(number(object, "a") == std::nullopt);
  CHECK(flag(object, "b"));
  CHECK_FALSE(flag(object, "a"));
  CHECK(list(object, "l").size() == 1);
  CHECK(list(object, "a").empty());
  CHECK(text(member(object, "o"), "p") == "q");
  CHECK(member(object, "a").empty());
  for (const char* bad : {"", "[1]", "{", "null", "{\"a\":}"}) CHECK(read_object(bad).empty());
}

TEST_CASE("what a server answered cannot command the terminal") {
  CHECK(harmless("a\033[2Jb\n\x7f") == "a?[2Jb??");
  CHECK(harmless("\xC2\x9B"
                 "31m gr\xC3\xBC\xC3\x9F") == "?31m gr\xC3\xBC\xC3\x9F");
  CHECK(text(read_object(R"({"evidence":"\u001b]0;x\u0007"})"), "evidence") == "?]0;x?");
  CHECK(lines(read_object(R"({"d":"a\u001b\nb"})"), "d") == "a?\nb\n");
}

TEST_CASE("columns are as wide as they must be, numbers to the right, the last without blanks") {
  const std::vector<Column> columns{{"NAME"}, {"N", true}, {"NOTE"}};
  const std::vector<std::vector<Cell>> rows{
      {{"a"}, {"100"}, {"x", Colour::bad}}, {{"gr\xC3\xBCn"}, {"7"}, {}}, {{"b"}}};
  CHECK(table(columns, rows, Style::plain) ==
        "NAME    N  NOTE\n"
        "a     100  x\n"
        "gr\xC3\xBCn    7\n"
        "b\n");
  CHECK(table({{"A"}}, {{{"x", Colour::bad}}}, Style::coloured) == "\033[2mA\033[0m\n\033[31mx\033[0m\n");
}

}  // namespace
}  // namespace keepalive::ctl
