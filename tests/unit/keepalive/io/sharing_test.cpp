#include "io/sharing.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("who asks while none runs starts a run; who asks during one shares the next") {
  std::vector<std::function<void(const int&)>> runs;
  std::string heard;
  keepalive::io::Sharing<int> sharing{[&](std::function<void(const int&)> done) { runs.push_back(std::move(done)); }};
  const auto ask = [&](const std::string& name) {
    sharing.ask([&heard, name](const int& answer) { heard += name + std::to_string(answer) + " "; });
  };
  ask("a");
  ask("b");
  ask("c");
  CHECK(runs.size() == 1);
  runs[0](1);
  CHECK(heard == "a1 ");
  REQUIRE(runs.size() == 2);
  ask("d");
  runs[1](2);
  CHECK(heard == "a1 b2 c2 ");
  REQUIRE(runs.size() == 3);
  runs[2](3);
  CHECK(heard == "a1 b2 c2 d3 ");
  ask("e");
  CHECK(runs.size() == 4);
}
