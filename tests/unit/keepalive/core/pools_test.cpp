#include "core/pools.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "transcript.hpp"

namespace pools_test {

using namespace keepalive;
using namespace keepalive::core;

namespace {

/// "alert SERVER_DOWN p/b: text (cause) /program; pools 0".
std::string printed(const Outcome& outcome) {
  constexpr std::string_view levels[] = {"info", "warning", "alert"};
  std::string text;
  for (const Note& note : outcome.notes) {
    text +=
        fmt::format("{} {} {}: {}", levels[static_cast<std::size_t>(note.level)], note.kind, note.object, note.text);
    if (!note.cause.empty()) text += " (" + note.cause + ")";
    text += note.program == nullptr ? "\n" : " runs " + note.program->argv.front() + "\n";
  }
  for (const std::size_t pool : outcome.pools) text += fmt::format("changed {}\n", pool);
  return text;
}

std::string text(const std::string& lines) {
  return "[check c]\ntype = tcp\n[pool p]\ncheck = c\nserver = 10.0.0.1:80 weight=10 name=a on_up=/up on_down=/down\n"
         "server = 10.0.0.2:80 weight=10 name=b\n" +
         lines;
}

struct Known {
  explicit Known(const std::string& lines) : config{config_of(text(lines))} { pools.load(*config, Time{0}); }

  std::string turn(std::size_t server, State state, Time now) {
    return printed(pools.set_state(*config, 0, server, state, "why", now));
  }
  std::string overlay(std::size_t server, std::optional<Overlay> one, Time now) {
    return printed(pools.set_overlay(*config, 0, server, one, now));
  }
  std::string turn_to(const std::string& whole, Time now) {
    const auto before = std::exchange(config, config_of(whole));
    return printed(pools.load(*config, now));
  }
  std::string reload(const std::string& lines, Time now) { return turn_to(text(lines), now); }
  std::string weights() const {
    std::string all;
    for (const Placement& one : pools.view(0).servers) all += one ? fmt::format("{} ", *one) : "- ";
    return all;
  }

  std::shared_ptr<const Config> config;
  Pools pools = {};
};

}  // namespace

TEST_CASE("a change of state is told, with its cause and program; the same state again is none") {
  Known known{"quorum = 15\non_quorum_down = /lost\non_quorum_up = /won\n"};
  CHECK(known.turn(0, State::up, s(1)) == "info SERVER_UP p/a: server p/a is up (why) runs /up\n");
  CHECK(known.turn(0, State::up, s(2)).empty());
  CHECK(known.turn(0, State::down, s(3)) ==
        "alert SERVER_DOWN p/a: server p/a is down (why) runs /down\n"
        "alert QUORUM_LOST p: pool p has no quorum: weight 10 of 15 runs /lost\n"
        "changed 0\n");
  CHECK(known.turn(1, State::down, s(4)) == "alert SERVER_DOWN p/b: server p/b is down (why)\nchanged 0\n");
  CHECK(known.turn(1, State::up, s(5)) == "info SERVER_UP p/b: server p/b is up (why)\nchanged 0\n");
  CHECK(known.turn(0, State::up, s(6)) ==
        "info SERVER_UP p/a: server p/a is up (why) runs /up\n"
        "info QUORUM_GAINED p: pool p has its quorum: weight 20 of 15 runs /won\n"
        "changed 0\n");
}

TEST_CASE("panic is told when it begins and ends") {
  Known known{"panic = 50\n"};
  known.turn(0, State::down, s(1));
  CHECK(known.turn(1, State::down, s(2)) ==
        "alert SERVER_DOWN p/b: server p/b is down (why)\n"
        "alert PANIC p: pool p: more than 50 % of its servers are down; those that went last stay in service\n");
  CHECK(known.weights() == "- 10 ");
  CHECK(known.turn(0, State::up, s(3)) ==
        "info SERVER_UP p/a: server p/a is up (why) runs /up\n"
        "info PANIC_OVER p: pool p is out of panic\n"
        "changed 0\n");
  CHECK(known.weights() == "10 - ");
}

TEST_CASE("slow start: time alone raises the weight, by the deadline that is told") {
  Known known{"slow_start = 10s\n"};
  known.turn(0, State::down, s(1));
  known.turn(0, State::up, s(20));
  std::string weights = known.weights();
  while (const auto due = known.pools.deadline()) {
    CHECK(printed(known.pools.pass(*known.config, *due - ms(1))).empty());
    const std::string changed = printed(known.pools.pass(*known.config, *due));
    CHECK((changed == "changed 0\n" || *due == s(30)));
    weights += known.weights();
  }
  CHECK(weights == "1 10 2 10 3 10 4 10 5 10 6 10 7 10 8 10 9 10 10 10 10 10 ");
}

TEST_CASE("the first time up is no return: no slow start, no quiescence") {
  Known known{"slow_start = 10s\nreadmit = quiescent\n"};
  known.turn(0, State::up, s(1));
  CHECK(known.weights() == "10 10 ");
}

TEST_CASE("readmit = quiescent: a server that comes back waits for undrain") {
  Known known{"readmit = quiescent\n"};
  known.turn(0, State::down, s(1));
  known.turn(0, State::up, s(2));
  CHECK(known.weights() == "0 10 ");
  CHECK(known.overlay(0, std::nullopt, s(3)) == "changed 0\n");
  CHECK(known.weights() == "10 10 ");
}

TEST_CASE("draining: weight 0 at once, out at the deadline, back with slow start") {
  Known known{"slow_start = 10s\n"};
  CHECK(known.overlay(0, Overlay{.deadline = s(60)}, s(0)) == "changed 0\n");
  CHECK(known.weights() == "0 10 ");
  CHECK(known.pools.draining() == std::vector<std::pair<std::size_t, std::size_t>>{{0, 0}});
  CHECK((known.pools.deadline() == s(60)));
  CHECK(printed(known.pools.pass(*known.config, s(60))) ==
        "warning DRAIN_DEADLINE p/a: server p/a is taken out: its deadline is over\nchanged 0\n");
  CHECK(known.weights() == "- 10 ");
  CHECK(known.pools.draining().empty());
  CHECK(!known.pools.deadline());
  known.overlay(0, std::nullopt, s(70));
  CHECK(known.weights() == "1 10 ");
}

TEST_CASE("a reload keeps state, overlay and slow start of servers that stay") {
  Known known{"slow_start = 10s\n"};
  known.turn(0, State::down, s(1));
  known.overlay(1, Overlay{.kind = Overlay::Kind::weight, .weight = 3}, s(1));
  known.reload("slow_start = 10s\nserver = 10.0.0.3:80 name=c\n", s(5));
  CHECK(known.weights() == "- 3 1 ");
  known.turn(0, State::up, s(10));
  known.reload("slow_start = 10s\n", s(11));
  CHECK(known.weights() == "2 3 ");
  CHECK((known.pools.deadline() == s(12)));
  CHECK(known.pools.server(0, 0).state == State::up);
  CHECK(known.pools.server(0, 1).state == State::unknown);
  CHECK(known.pools.server(0, 1).overlay == Overlay{.kind = Overlay::Kind::weight, .weight = 3});
}

TEST_CASE("a server with another address is another server") {
  Known known{""};
  known.turn(0, State::down, s(1));
  known.turn_to("[check c]\ntype = tcp\n[pool p]\ncheck = c\nserver = 10.0.0.9:80 name=a\n", s(2));
  CHECK(known.pools.server(0, 0).state == State::unknown);
}

TEST_CASE("a pool that is new has its quorum without hysteresis") {
  CHECK(Known{"quorum = 12\nhysteresis = 5\n"}.pools.view(0).quorum);
}

TEST_CASE("a weight of a check does not outlive the check") {
  const std::string weights = "[check w]\ntype = file\npath = /w\n[pool p]\nserver = 10.0.0.1:80 weight=10\ncheck = ";
  const std::string plain = "[check c]\ntype = tcp\n";
  auto config = config_of(plain + weights + "w, c\n");
  Pools pools;
  pools.load(*config, s(0));
  pools.set_weight(*config, 0, 0, 3, s(1));
  CHECK(pools.view(0).servers[0] == 3);
  pools.load(*config, s(2));
  CHECK(pools.view(0).servers[0] == 3);
  const auto without = config_of(plain + weights + "c\n");
  pools.load(*without, s(3));
  CHECK(pools.view(0).servers[0] == 10);
}

TEST_CASE("a pool that loses its checks has all servers in service") {
  Known known{"readmit = quiescent\n"};
  known.turn(0, State::down, s(1));
  known.turn(0, State::up, s(2));
  known.turn(1, State::down, s(3));
  known.turn_to(
      "[pool p]\nreadmit = quiescent\nserver = 10.0.0.1:80 weight=10 name=a\nserver = 10.0.0.2:80 weight=10 name=b\n",
      s(4));
  CHECK(known.weights() == "10 10 ");
}

TEST_CASE("what a predecessor saved counts until the first verdict") {
  Known known{""};
  known.pools.restore(*known.config,
                      {.overlays = {{"p/a", Overlay{.kind = Overlay::Kind::weight, .weight = 4}}, {"p/x", {}}},
                       .states = {{"p/b", State::down}, {"q/a", State::down}}},
                      s(1));
  CHECK(known.weights() == "4 - ");
  CHECK(known.turn(1, State::up, s(2)) == "info SERVER_UP p/b: server p/b is up (why)\nchanged 0\n");
}

TEST_CASE("an operator's word for a server that is not there any more is dropped, and that is told") {
  const std::string moved = "(the configuration renamed, moved or removed it)\n";
  const auto dropped = [&](const std::string& what, const std::string& name) {
    return "warning OVERLAY_DROPPED " + name + ": an operator's `" + what + "' is dropped: no server is called " +
           name + " at that address any more " + moved;
  };
  Known known{""};
  known.overlay(0, Overlay{.kind = Overlay::Kind::drain}, s(1));
  known.overlay(1, Overlay{.kind = Overlay::Kind::weight, .weight = 7}, s(1));
  CHECK(known.reload("quorum = 2\n", s(2)).empty());
  CHECK(known.turn_to("[pool p]\nserver = 10.0.0.1:80 name=x\nserver = 10.0.0.3:80 name=b\n", s(3)) ==
        dropped("drain", "p/a") + dropped("weight 7", "p/b"));
  CHECK(known.turn_to(text(""), s(4)).empty());
  CHECK(!known.pools.server(0, 0).overlay);
  known.overlay(0, Overlay{.kind = Overlay::Kind::disable}, s(5));
  CHECK(known.turn_to("[pool q]\nserver = 10.0.0.1:80 name=a\n", s(6)) == dropped("disable", "p/a"));
  CHECK(printed({known.pools.restore(*known.config, {.overlays = {{"q/z", Overlay{.kind = Overlay::Kind::drain}}}},
                                     s(7))}) == dropped("drain", "q/z"));
}

}  // namespace pools_test
