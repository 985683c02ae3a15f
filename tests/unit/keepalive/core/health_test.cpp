#include "core/health.hpp"

#include <doctest/doctest.h>

#include <string>

namespace health_test {

using namespace keepalive::core;

namespace {

/// The state after each verdict: + good, - bad; U up, D down, ? unknown.
std::string states(const std::string& verdicts, Dampening dampening, Health health = {}) {
  std::string text;
  for (const char verdict : verdicts) {
    const State before = health.state();
    const bool changed = health.take(verdict == '+', dampening);
    CHECK(changed == (health.state() != before));
    text += health.state() == State::up ? 'U' : health.state() == State::down ? 'D' : '?';
  }
  return text;
}

}  // namespace

TEST_CASE("`fall' failures in a row take a server down, `rise' successes bring it up") {
  struct Row {
    Dampening dampening;
    const char* verdicts;
    const char* states;
  };
  for (const Row& row : {
           Row{{1, 1}, "+-+--++", "UDUDDUU"},
           Row{{2, 3}, "+--+---++", "UUUUUUDDU"},
           Row{{2, 3}, "+---+-++", "UUUDDDDU"},
           Row{{3, 2}, "+", "U"},        // the first of all counts by itself
           Row{{1, 3}, "---+", "??DU"},  // failures count from the start
           Row{{2, 3}, "---+-++", "??DDDDU"},
       }) {
    CAPTURE(row.verdicts);
    CHECK(states(row.verdicts, row.dampening) == row.states);
  }
}

TEST_CASE("a known state goes on") {
  CHECK(states("--+--", {1, 3}, Health{State::up}) == "UUUUU");
  CHECK(states("+-++", {2, 1}, Health{State::down}) == "DDDU");
}

TEST_CASE("verdicts against the state are counted") {
  Health health{State::up};
  health.take(false, {1, 3});
  health.take(false, {1, 3});
  CHECK(health.against() == 2);
  health.take(true, {1, 3});
  CHECK(health.against() == 0);
}

}  // namespace health_test
