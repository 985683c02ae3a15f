// Two directors with VRRP on eth0 and heartbeat lines beside it: what each sentence of keepalive(8), "Heartbeat lines",
// promises.
#include <doctest/doctest.h>

#include <deque>
#include <string>

#include "host.hpp"

namespace router_lines_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const std::string key = "0123456789abcdef0123456789abcdef";

ipvs::Address at(const std::string& text) { return *ipvs::Address::parse(text); }

Instance v1(std::uint8_t priority) {
  Instance one{.name = "v1", .interface = "eth0", .id = 51, .priority = priority};
  one.addresses = {{.address = at("10.0.0.100"), .prefix = 24}};
  return one;
}

/// Directors a (priority 200) and b (100), and everything between them.
struct Pair {
  struct Side {
    Host host = {};
    std::string log = "";
    bool dead = false;
    bool witnessed = true;  // its witness answers
    std::uint8_t priority = 100;
  };

  explicit Pair(std::vector<std::string> lines = {"x"}, std::vector<std::string> witnesses = {"gw"}) {
    for (std::size_t i = 0; i < 2; ++i) {
      Side& one = sides[i];
      one.host.router = Router{i + 1};
      one.priority = i == 0 ? 200 : 100;
      for (const std::string& name : lines) event.lines.push_back({.name = name, .key = key});
      if (i == 1) event.lines.resize(lines.size());
      one.host.step(LinkIs{"eth0", Link{.works = true}}, {});
      one.host.put({"eth0", at(i == 0 ? "10.0.0.1" : "10.0.0.2")}, {});
    }
    for (const std::string& name : witnesses) event.witnesses.push_back({.name = name});
  }

  void start(std::size_t i, Time when) {
    Configured mine = event;
    mine.instances = {v1(sides[i].priority)};
    mine.instances.front().ask_witness = ask_witness;
    mine.instances.front().advertise = advertise;
    give(i, mine, when);
  }
  /// Both, and all has settled: a is master.
  void settle() {
    start(0, now);
    start(1, now);
    run(seconds{10});
    REQUIRE(state(0) == State::master);
    REQUIRE(state(1) == State::backup);
    for (Side& one : sides) one.log.clear();
  }

  void give(std::size_t i, const Event& what, Time when) {
    if (sides[i].dead) return;
    for (const Action& action : sides[i].host.step(what, when)) carry(i, action);
  }
  void carry(std::size_t i, const Action& action) {
    const std::size_t other = 1 - i;
    if (const auto* sent = std::get_if<Transmit>(&action))
      if (network && link[i] && link[other])
        post.push_back({other, Received{sent->interface, sent->envelope, sent->bytes}});
    const auto* said = std::get_if<Speak>(&action);
    if (said != nullptr && said->line == "third")
      third->hear("third", said->bytes, now);
    else if (said != nullptr)
      if (!cut.contains(said->line)) post.push_back({other, LineHeard{said->line, said->bytes}});
    if (const auto* ask = std::get_if<Ask>(&action))
      if (sides[i].witnessed && link[i]) post.push_back({i, Answered{ask->witness, ask->interface}});
    if (std::holds_alternative<News>(action)) sides[i].log += text(action) + "\n";
  }
  void deliver() {
    for (; !post.empty(); post.pop_front()) {
      const auto [to, what] = post.front();
      give(to, what, now);
    }
  }
  void run(Time span) {
    const Time end = now + span;
    for (deliver();; deliver()) {
      std::optional<Time> next;
      std::size_t who = 0;
      for (std::size_t i = 0; i < 2; ++i)
        if (const auto due = sides[i].host.router.deadline(); due && !sides[i].dead && (!next || *due < *next)) {
          next = due;
          who = i;
        }
      if (!next || *next > end) break;
      now = std::max(now, *next);
      give(who, Tick{}, now);
    }
    now = end;
  }
  void set_link(std::size_t i, bool works) {
    link[i] = works;
    give(i, LinkIs{"eth0", Link{.works = works}}, now);
    deliver();
  }

  State state(std::size_t i) const { return sides[i].host.router.instances().at("v1").machine.state(); }
  const Router::Standing& standing(std::size_t i) const { return sides[i].host.router.instances().at("v1"); }

  Configured event = {};
  bool ask_witness = false;
  Time advertise{seconds{1}};
  Lines* third = nullptr;
  Side sides[2];
  bool network = true;  // VRRP's
  bool link[2] = {true, true};
  std::set<std::string> cut = {};  // lines
  std::deque<std::pair<std::size_t, Event>> post = {};
  Time now{0};
};

constexpr Time down{3'609'375};  // b's Master_Down

}  // namespace

TEST_CASE("a master that faults says so on the lines, and the backup takes over at once") {
  Pair pair;
  pair.settle();
  pair.set_link(0, false);
  CHECK(pair.state(1) == State::master);
  CHECK(pair.sides[1].log == "VRRP_MASTER v1: heartbeat x: the master is fault now\n");
}

TEST_CASE("a master that stops or is told to be backup says so, too") {
  Pair stops;
  stops.settle();
  stops.network = false;
  stops.give(0, Stop{}, stops.now);
  stops.deliver();
  CHECK(stops.state(1) == State::master);
  Pair yields;
  yields.settle();
  yields.network = false;
  yields.give(0, Switchover{"v1", false}, yields.now);
  yields.deliver();
  CHECK(yields.state(1) == State::master);
}

TEST_CASE("of several lines one that remains is enough") {
  Pair pair{{"x", "y"}};
  pair.settle();
  pair.cut = {"x"};
  pair.run(seconds{2});
  CHECK(pair.sides[1].log == "HEARTBEAT_LOST x: three of its words are missing\n");
  pair.set_link(0, false);
  CHECK(pair.state(1) == State::master);
}

TEST_CASE("a master that gives way to another one leaves nothing to take") {
  Pair pair;
  pair.settle();
  const Advertisement better{.id = 51, .priority = 250, .interval = seconds{1}, .addresses = {at("10.0.0.100")}};
  const Envelope from{.source = at("10.0.0.3"), .destination = at("224.0.0.18")};
  pair.give(0, Received{"eth0", from, encode(better, from, Checksum::pseudo_header)}, pair.now);
  pair.deliver();
  CHECK(pair.state(0) == State::backup);
  CHECK(pair.state(1) == State::backup);
}

TEST_CASE("VRRP is silent while a line says that the master is well: the backup holds, and says why") {
  Pair pair;
  pair.settle();
  pair.network = false;
  pair.run(seconds{60});
  CHECK(pair.state(1) == State::backup);
  CHECK(pair.standing(1).suspected);
  CHECK(pair.sides[1].log == "PARTITION_SUSPECTED v1: heartbeat x: 10.0.0.1 is master with priority 200\n");
  pair.network = true;
  pair.run(seconds{2});
  CHECK_FALSE(pair.standing(1).suspected);
  CHECK(pair.sides[1].log.ends_with("PARTITION_OVER v1: the other director is heard\n"));
}

TEST_CASE("the hold ends when the master has had no answer for two Master_Down times: an upstream switch died") {
  Pair pair;
  pair.settle();
  pair.network = false;
  pair.run(seconds{10});
  pair.sides[0].witnessed = false;
  const Time asked = pair.now;
  while (pair.state(1) == State::backup && pair.now < asked + seconds{30}) pair.run(milliseconds{10});
  CHECK(pair.now - asked > 2 * down - seconds{1} - milliseconds{20});
  CHECK(pair.now - asked <= 2 * down + milliseconds{10});
  CHECK(
      pair.sides[1].log.ends_with("VRRP_MASTER v1: no advertisement; heartbeat x: the master lives, but no witness "
                                  "answers it\n"));
  CHECK(pair.standing(1).suspected);  // two masters now, as the line says
}

TEST_CASE("without a witness the policy is to take over, on time") {
  Pair pair{{"x"}, {}};
  pair.settle();
  pair.network = false;
  pair.run(down - seconds{1} - milliseconds{10});
  CHECK(pair.state(1) == State::backup);
  pair.run(seconds{1} + milliseconds{20});
  CHECK(pair.state(1) == State::master);
  CHECK(pair.sides[1].log ==
        "PARTITION_SUSPECTED v1: heartbeat x: 10.0.0.1 is master with priority 200\n"
        "VRRP_MASTER v1: no advertisement; heartbeat x: the master lives, but no witness answers it\n");
}

TEST_CASE("all lines silent: the backup takes over on time, not earlier") {
  Pair pair{{"x", "y"}};
  pair.settle();
  pair.sides[0].dead = true;
  pair.run(down - seconds{1} - milliseconds{10});
  CHECK(pair.state(1) == State::backup);
  pair.run(seconds{1} + milliseconds{20});
  CHECK(pair.state(1) == State::master);
  CHECK(pair.sides[1].log.find("PARTITION") == std::string::npos);
  CHECK(pair.sides[1].log.find("VRRP_MASTER v1: no advertisement for") != std::string::npos);
}

TEST_CASE("a hold ends with the last line that says the master lives") {
  Pair pair;
  pair.settle();
  pair.network = false;
  pair.run(seconds{10});
  REQUIRE(pair.standing(1).held);
  pair.sides[0].dead = true;
  pair.run(milliseconds{301});
  CHECK(pair.state(1) == State::master);
  CHECK(pair.sides[1].log.find("VRRP_MASTER v1: no advertisement, and no heartbeat says any more that the master "
                               "lives\n") != std::string::npos);
}

TEST_CASE("a router of higher priority that comes back holds as well, or takes over by failback where it hears") {
  Pair pair;
  pair.sides[0].priority = 100;
  pair.sides[1].priority = 200;
  pair.start(0, {});
  pair.run(seconds{10});
  REQUIRE(pair.state(0) == State::master);
  pair.network = false;
  pair.start(1, pair.now);
  pair.run(seconds{20});
  CHECK(pair.state(1) == State::backup);
  pair.network = true;
  pair.run(seconds{6});
  CHECK(pair.state(1) == State::master);
  CHECK(pair.state(0) == State::backup);
}

TEST_CASE("most of the witnesses must answer") {
  Pair pair{{"x"}, {"a", "b", "c"}};
  pair.settle();
  Witnesses witnesses;
  witnesses.want({{.name = "a"}, {.name = "b"}, {.name = "c"}}, {"eth0"}, seconds{1}, {});
  witnesses.answered("a", "eth0", seconds{1});
  CHECK_FALSE(witnesses.majority("eth0"));
  witnesses.answered("c", "eth0", seconds{3});
  CHECK(witnesses.majority("eth0") == Time{seconds{1}});
  witnesses.answered("b", "eth0", seconds{2});
  CHECK(witnesses.majority("eth0") == Time{seconds{2}});
  CHECK_FALSE(witnesses.majority("eth1"));
  witnesses.answered("d", "eth0", seconds{9});
  witnesses.answered("a", "eth1", seconds{9});
  CHECK_FALSE(witnesses.majority("eth1"));
}

TEST_CASE("ask_witness: a backup that hears nobody and no witness stays backup until one answers") {
  Pair pair{{}, {"gw"}};
  pair.ask_witness = true;
  pair.settle();
  pair.sides[1].witnessed = false;
  pair.run(seconds{10});
  pair.network = false;
  pair.run(seconds{20});
  CHECK(pair.state(1) == State::backup);
  CHECK(pair.sides[1].log == "TAKEOVER_WAITS v1: the witnesses do not answer through eth0\n");
  pair.sides[1].witnessed = true;
  pair.run(seconds{2});
  CHECK(pair.state(1) == State::master);
  CHECK(pair.sides[1].log.ends_with("VRRP_MASTER v1: no advertisement, and the witnesses answer\n"));
}

TEST_CASE("a backup that another one goes before waits the skew time after the master's last word") {
  Pair pair;
  pair.settle();
  Lines third{7};  // another director, on a line of its own to b
  const std::vector<Heartbeat> line{{.name = "third", .key = key}};
  const std::vector<Word> words{{.id = 51, .state = State::backup, .priority = 150, .source = at("10.0.0.3")}};
  third.want(line, pair.now);
  pair.third = &third;
  pair.event.lines.push_back(line.front());
  pair.start(1, pair.now);
  for (int i = 0; i < 5; ++i) {
    for (const auto& [name, bytes] : third.speak(words, seconds{1}, pair.now))
      pair.give(1, LineHeard{name, bytes}, pair.now);
    pair.run(seconds{1});
  }
  REQUIRE(pair.sides[1].host.router.lines().others(51, ipvs::Family::ipv4).size() == 2);
  pair.set_link(0, false);
  CHECK(pair.state(1) == State::backup);
  pair.run(milliseconds{609});
  CHECK(pair.state(1) == State::backup);
  pair.run(milliseconds{2});
  CHECK(pair.state(1) == State::master);
}

TEST_CASE("a process that did not run calls no line silent") {
  Pair pair;
  pair.settle();
  pair.now += seconds{2};  // neither ran
  pair.give(1, Tick{}, pair.now);
  CHECK(pair.sides[1].log.find("HEARTBEAT_LOST") == std::string::npos);
  pair.run(milliseconds{200});
  CHECK(pair.sides[1].log.find("HEARTBEAT_LOST") == std::string::npos);
}

TEST_CASE("a line that comes back is told of") {
  Pair pair;
  pair.settle();
  pair.cut = {"x"};
  pair.run(seconds{1});
  pair.cut.clear();
  pair.run(seconds{1});
  CHECK(pair.sides[1].log ==
        "HEARTBEAT_LOST x: three of its words are missing\nHEARTBEAT_BACK x: the other director speaks on it\n");
}

TEST_CASE("a director that is executed anew hands over to a backup of whom a line tells, and to nobody else") {
  Pair pair;
  pair.settle();
  pair.give(0, HandOver{}, pair.now);
  CHECK(pair.sides[0].host.router.lends());
  pair.run(seconds{3});
  CHECK(pair.state(0) == State::backup);
  CHECK(pair.state(1) == State::master);
  CHECK_FALSE(pair.sides[0].host.router.lends());
  CHECK_FALSE(pair.sides[0].host.router.legacy().instances.at("v1").master);

  Pair alone{{}};
  alone.settle();
  alone.give(0, HandOver{}, alone.now);
  CHECK(alone.state(0) == State::master);
  CHECK_FALSE(alone.sides[0].host.router.lends());
  CHECK(alone.sides[0].host.router.legacy().instances.at("v1").master);
}

}  // namespace router_lines_test
