#include "base/diagnostics.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace base;

TEST_CASE("a fault is shown with its place, the line and a caret below the column") {
  CHECK(render(Diagnostic{{"a.conf", 7, 13}, "no such check", "check    =  web-okk"}) ==
        "a.conf:7:13: error: no such check\n"
        "  check    =  web-okk\n"
        "              ^\n");
}

TEST_CASE("the caret finds its column") {
  const auto below = [](std::string line, std::size_t column) {
    return render(Diagnostic{{"f", 1, column}, "x", line});
  };
  CHECK(below("\ta\tb", 4) == "f:1:4: error: x\n  \ta\tb\n  \t \t^\n");  // tabs
  CHECK(below("\xc3\xa4 = \xc3\xa4", 6) ==
        "f:1:6: error: x\n  \xc3\xa4 = \xc3\xa4\n      ^\n");  // letters of two bytes
  CHECK(below("ab", 3) == "f:1:3: error: x\n  ab\n    ^\n");   // behind the end
  CHECK(below("", 1) == "f:1:1: error: x\n  \n  ^\n");
}

TEST_CASE("of a long line the part around the column is shown") {
  const std::string line = std::string(500, 'a') + "!" + std::string(500, 'b');
  CHECK(render(Diagnostic{{"f", 1, 501}, "x", line}) == "f:1:501: error: x\n  " + std::string(99, 'a') + "!" +
                                                            std::string(100, 'b') + "\n  " + std::string(99, ' ') +
                                                            "^\n");
  CHECK(render(Diagnostic{{"f", 1, 2}, "x", line}) == "f:1:2: error: x\n  " + std::string(200, 'a') + "\n   ^\n");
}

TEST_CASE("a terminal is shown no control characters") {
  CHECK(render(Diagnostic{{"f", 1, 2}, "x", "a\x1b[31m\x7f"}) == "f:1:2: error: x\n  a?[31m?\n   ^\n");
}

TEST_CASE("without a line there is one line; several follow each other") {
  const std::array<Diagnostic, 2> both{{{{"a.conf"}, "cannot be read"}, {{"b.conf", 1, 1}, "bad", "[x"}}};
  CHECK(render(both) ==
        "a.conf: error: cannot be read\n"
        "b.conf:1:1: error: bad\n"
        "  [x\n"
        "  ^\n");
}

TEST_CASE("what was most likely meant") {
  static constexpr std::array<std::string_view, 4> known{"scheduler", "persistence", "pool", "port"};
  struct Row {
    std::string_view word;
    std::string_view meant;
  };
  for (const Row& row : {Row{"sheduler", "scheduler"}, Row{"persistance", "persistence"}, Row{"pol", "pool"},
                         Row{"prot", ""}, Row{"x", ""}, Row{"xyz", ""}, Row{"", ""}, Row{"poool", "pool"}}) {
    CAPTURE(row.word);
    CHECK(nearest(row.word, known) == row.meant);
  }
  CHECK(suggestion("pol", known) == "; did you mean `pool'?");
  CHECK(suggestion("xyz", known).empty());
}
