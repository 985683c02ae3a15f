#include "core/pool.hpp"

#include <doctest/doctest.h>

#include "transcript.hpp"

namespace pool_test {

using namespace keepalive;
using namespace keepalive::core;

namespace {

ServerState in(State state, Time since = Time{0}) { return {.state = state, .since = since}; }
const ServerState up = in(State::up);
const ServerState down = in(State::down);
const ServerState unknown = in(State::unknown);

ServerState with(ServerState state, Overlay overlay) {
  state.overlay = overlay;
  return state;
}

/// Servers with weights 10, 20, 30 and the pool's other lines.
Pool pool(const std::string& lines, std::size_t count = 3) {
  std::string text = "[check c]\ntype = tcp\n[pool p]\ncheck = c\n" + lines;
  for (std::size_t i = 1; i <= count; ++i) text += fmt::format("server = 10.0.0.{}:80 weight={}\n", i, 10 * i);
  return config_of(text)->pools.front();
}

/// "10 - 30 | quorum | sorry 1": weights, - for out.
std::string view(const Pool& pool, const std::vector<ServerState>& servers, bool had = true, Time now = Time{0}) {
  const PoolView view = evaluate(pool, servers, had, now);
  std::string text;
  for (const Placement& one : view.servers) text += one ? fmt::format("{} ", *one) : "- ";
  text += fmt::format("| {}", view.weight_up);
  if (!view.quorum) text += " no quorum";
  if (view.panic) text += " panic";
  if (view.sorry) text += fmt::format(" sorry {}", *view.sorry);
  return text;
}

const std::string sorry = "sorry_server = 10.0.0.99:80 weight=7\n";

}  // namespace

TEST_CASE("servers that are up stand with their weight; those that are down are out, or stay with weight 0") {
  CHECK(view(pool(""), {up, down, up}) == "10 - 30 | 40");
  CHECK(view(pool("on_failure = quiesce\n"), {up, down, up}) == "10 0 30 | 40");
  CHECK(view(pool(""), {down, down, down}) == "- - - | 0 no quorum");
}

TEST_CASE("before the first probe a server counts as `start' says") {
  CHECK(view(pool(""), {unknown, unknown, down}) == "10 20 - | 30");
  CHECK(view(pool("start = down\n"), {unknown, up, unknown}) == "- 20 - | 20");
}

TEST_CASE("the quorum is a weight, lost below quorum - hysteresis, gained at quorum + hysteresis") {
  const Pool one = pool("quorum = 35\nhysteresis = 10\n");
  struct Row {
    std::vector<ServerState> servers;
    bool had;
    bool has;
  };
  for (const Row& row : {Row{{up, down, up}, true, true},                                         // 40
                         Row{{up, up, down}, true, true},                                         // 30
                         Row{{down, up, down}, true, false},                                      // 20
                         Row{{down, up, down}, false, false}, Row{{up, down, up}, false, false},  // 40
                         Row{{down, up, up}, false, true}})                                       // 50
    CHECK(evaluate(one, row.servers, row.had, Time{0}).quorum == row.has);
}

TEST_CASE("without quorum the sorry server serves, and nobody else") {
  CHECK(view(pool(sorry + "quorum = 25\n"), {up, down, down}) == "- - - | 10 no quorum sorry 7");
  CHECK(view(pool(sorry + "quorum = 25\non_failure = quiesce\n"), {up, down, down}) == "0 0 0 | 10 no quorum sorry 7");
  CHECK(view(pool("quorum = 25\n"), {up, down, down}) == "10 - - | 10 no quorum");  // better than nothing
  CHECK(view(pool(sorry), {up, down, down}) == "10 - - | 10");
  CHECK(view(pool(sorry + "sorry_inhibit = yes\n"), {up, down, down}) == "10 - - | 10 sorry 0");
  CHECK(view(pool(sorry + "sorry_inhibit = yes\n"), {down, down, down}) == "- - - | 0 no quorum sorry 7");
}

TEST_CASE("panic: no more than a share is taken out; those that went down last stay, and the quorum with them") {
  const Pool half = pool("panic = 50\n" + sorry, 4);
  const auto at = [](std::int64_t second) { return in(State::down, s(second)); };
  CHECK(view(half, {at(1), at(2), up, up}) == "- - 30 40 | 70");
  CHECK(view(half, {at(1), at(3), at(2), up}) == "- 20 - 40 | 40 panic");
  CHECK(view(half, {at(4), at(3), at(2), at(1)}) == "10 20 - - | 0 panic");
  CHECK(view(pool("panic = 50\n", 3), {at(1), at(2), up}) == "- 20 30 | 30 panic");  // of three, one
  // An operator's word is no failure.
  CHECK(view(half, {at(1), at(2), with(at(3), {.kind = Overlay::Kind::disable}), up}) == "- - - 40 | 40");
}

TEST_CASE("the operator's word counts over the file") {
  using Kind = Overlay::Kind;
  CHECK(view(pool(""), {with(up, {.kind = Kind::drain}), up, up}) == "0 20 30 | 50");
  CHECK(view(pool(""), {with(up, {.kind = Kind::drain, .gone = true}), up, up}) == "- 20 30 | 50");
  CHECK(view(pool(""), {with(up, {.kind = Kind::disable}), up, up}) == "- 20 30 | 50");
  CHECK(view(pool(""), {with(up, {.kind = Kind::weight, .weight = 5}), up, up}) == "5 20 30 | 55");
  CHECK(view(pool(""), {with(down, {.kind = Kind::weight, .weight = 5}), up, up}) == "- 20 30 | 50");
  CHECK(view(pool(""), {with(down, {.kind = Kind::drain}), up, up}) == "- 20 30 | 50");
}

TEST_CASE("weights: a check's own word over the file's, quiescent over both") {
  ServerState dynamic = up;
  dynamic.dynamic_weight = 3;
  ServerState quiescent = dynamic;
  quiescent.quiescent = true;
  CHECK(view(pool(""), {dynamic, quiescent, up}) == "3 0 30 | 33");
  CHECK(view(pool(""), {with(dynamic, {.kind = Overlay::Kind::weight, .weight = 8}), down, down}) == "8 - - | 8");
}

TEST_CASE("slow start: ten steps from a tenth to the whole, the next one told; never for the only server") {
  const Pool slow = pool("slow_start = 10s\n", 2);
  ServerState back = up;
  back.ramp_from = s(100);
  std::string weights;
  for (Time now = s(100); now <= s(110); now += s(1))
    weights += fmt::format("{} ", *evaluate(slow, {up, back}, true, now).servers[1]);
  CHECK(weights == "2 4 6 8 10 12 14 16 18 20 20 ");
  CHECK((evaluate(slow, {up, back}, true, s(100)).next == s(101)));
  CHECK((evaluate(slow, {up, back}, true, ms(101'500)).next == s(102)));
  CHECK(!evaluate(slow, {up, back}, true, s(110)).next);
  CHECK(view(slow, {down, back}, true, s(100)) == "- 20 | 20");
  CHECK(view(slow, {back, up}, true, s(100)) == "1 20 | 30");  // at least 1; the whole weight counts for the quorum
  CHECK(view(pool("", 2), {up, back}, true, s(100)) == "10 20 | 30");
}

TEST_CASE("the state of several checks together") {
  using enum State;
  struct Row {
    std::vector<State> checks;
    std::uint32_t needed;
    State state;
  };
  for (const Row& row : {
           Row{{}, 0, up},
           Row{{up, up}, 0, up},
           Row{{up, down}, 0, down},
           Row{{up, unknown}, 0, unknown},
           Row{{down, unknown}, 0, down},
           Row{{up, down}, 1, up},
           Row{{down, unknown}, 1, unknown},
           Row{{down, down}, 1, down},
           Row{{up, up, down}, 2, up},
           Row{{up, unknown, down}, 2, unknown},
           Row{{up, down, down}, 2, down},
       })
    CHECK(combined(row.checks, row.needed) == row.state);
}

}  // namespace pool_test
