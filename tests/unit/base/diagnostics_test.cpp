#include "base/diagnostics.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace base;

namespace {

std::string shown(const std::string& source, std::uint32_t column) {
  Diagnostic diagnostic;
  diagnostic.position = {"f", 1, column};
  diagnostic.text = "x";
  diagnostic.source = source;
  return render(diagnostic);
}

}  // namespace

TEST_CASE("a fault is shown with its place, the line and a caret below the column") {
  CHECK(shown("check    =  web-okk", 13) ==
        "f:1:13: error: x\n"
        "  check    =  web-okk\n"
        "              ^\n");
}

TEST_CASE("the caret finds its column") {
  CHECK(shown("\ta\tb", 4) == "f:1:4: error: x\n  \ta\tb\n  \t \t^\n");  // tabs
  CHECK(shown("\xc3\xa4 = \xc3\xa4", 6) ==
        "f:1:6: error: x\n  \xc3\xa4 = \xc3\xa4\n      ^\n");  // letters of two bytes
  CHECK(shown("ab", 3) == "f:1:3: error: x\n  ab\n    ^\n");   // behind the end
  CHECK(shown("", 1) == "f:1:1: error: x\n  \n  ^\n");
}

TEST_CASE("of a long line the part around the column is shown") {
  const std::string line = std::string(500, 'a') + "!" + std::string(500, 'b');
  CHECK(shown(line, 501) == "f:1:501: error: x\n  " + std::string(99, 'a') + "!" + std::string(100, 'b') + "\n  " +
                                std::string(99, ' ') + "^\n");
  CHECK(shown(line, 2) == "f:1:2: error: x\n  " + std::string(200, 'a') + "\n   ^\n");
}

TEST_CASE("a terminal is shown no control characters") {
  CHECK(shown("a\x1b[31m\x7f", 2) == "f:1:2: error: x\n  a?[31m?\n   ^\n");
}

TEST_CASE("without a line there is one line; several follow each other") {
  const std::vector<Diagnostic> both{{{"a.conf"}, "cannot be read"}, {{"b.conf", 1, 1}, "bad", "[x"}};
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
                         Row{"prot", "port"}, Row{"POOL", "pool"}, Row{"opol", "pool"}, Row{"pool", ""}, Row{"x", ""},
                         Row{"xyz", ""}, Row{"", ""}, Row{"poool", "pool"}}) {
    CAPTURE(row.word);
    CHECK(nearest(row.word, known) == row.meant);
  }
  CHECK(suggestion("pol", known) == "; did you mean `pool'?");
  CHECK(suggestion("xyz", known).empty());
}
