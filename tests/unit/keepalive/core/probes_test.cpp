#include "core/probes.hpp"

#include <doctest/doctest.h>

#include "transcript.hpp"

namespace probes_test {

using namespace keepalive;
using namespace keepalive::core;

namespace {

std::string told(const std::vector<Probes::Letter>& letters) {
  Printer printer;
  for (const auto& letter : letters) printer(Tell{letter.prober, letter.message});
  return printer.text;
}
std::string load(Probes& probes, const std::string& text, Time now = Time{0}) {
  return told(probes.load(*config_of(text), now));
}

const std::string head = "[check a]\ntype = http\n[check b]\ntype = ping\n";
const std::string two = "[global]\nprobers = 2\n";
const std::string web = "[pool web]\ncheck = a\nserver = 10.0.0.1:80\nserver = 10.0.0.2\n";
const std::string site = "[virtual_server site]\naddress = 10.0.0.100:80\npool = web\n";

}  // namespace

TEST_CASE("one probe for each distinct check of a server, however many pools and services use it") {
  Probes probes;
  CHECK(load(probes, head + web + site + "[virtual_server more]\naddress = 10.0.0.101:80\npool = web\n" +
                         "[pool other]\ncheck = a, b\nserver = 10.0.0.1:80\n" +
                         "[virtual_server other]\naddress = 10.0.0.102:80\npool = other\n") ==
        "prober 0: check 1\n"
        "prober 0: check 2\n"
        "prober 0: targets 1=1@10.0.0.1:80 2=1@10.0.0.2:80 3=2@10.0.0.1:0\n");
  CHECK(probes.of({0, 0}).front() == probes.of({1, 0}).front());
  CHECK(probes.of({1, 0}).size() == 2);
  CHECK(probes.find(1)->users == std::vector<ServerRef>{{0, 0}, {1, 0}});
  CHECK(probes.check_of(3) == 1);
  CHECK(!probes.check_of(4));
}

TEST_CASE(
    "a server with checks of its own is probed by these alone, and all of them must pass where more are required") {
  const std::string text = head + "[check c]\ntype = tcp\n[pool web]\ncheck = a, b\nrequire = 2 of\n" +
                           "server = 10.0.0.1:80\nserver = 10.0.0.2:80 check=c\n" + site;
  Scene scene;
  scene.load(text);
  const Probes& probes = scene.engine.probes();
  CHECK(probes.of({0, 0}).size() == 2);
  REQUIRE(probes.of({0, 1}).size() == 1);
  CHECK(probes.check_of(probes.of({0, 1}).front()->id) == 2);
  scene.turn(0, 1, State::down, s(1));
  CHECK(scene.engine.pools().server(0, 1).state == State::down);
  scene.turn(0, 1, State::up, s(2));
  CHECK(scene.engine.pools().server(0, 1).state == State::up);
  scene.turn(0, 0, State::up, s(3));
  CHECK(scene.engine.pools().server(0, 0).state == State::unknown);
}

TEST_CASE("a probe whose mark a reload gives to others gets another one, and its prober is told; what is known stays") {
  const auto text = [](const char* marks) {
    return std::string{"[global]\npath_marks = "} + marks +
           "\n[check a]\ntype = http\nvia = path\n[pool web]\ncheck = a\nserver = 10.0.0.1:80\nserver = 10.0.0.2:80\n"
           "[virtual_server site]\naddress = 10.0.0.100:80\npool = web\n";
  };
  const auto marks = [](const Probes& probes) {
    std::vector<std::uint32_t> list;
    for (const Path& path : probes.paths()) list.push_back(path.mark.mark.value);
    return list;
  };
  Probes probes;
  load(probes, text("5-6"));
  CHECK(marks(probes) == std::vector<std::uint32_t>{5, 6});
  probes.take(Transition{1, State::up, {.good = true}}, s(1));
  CHECK(load(probes, text("6-9")) == "prober 0: targets 1=1@10.0.0.100:80 up\n");
  const auto after = marks(probes);
  REQUIRE(after.size() == 2);
  CHECK(after[0] >= 7);
  CHECK(after[1] == 6);
  CHECK(load(probes, text("6-9")).empty());
}

TEST_CASE("a pool that no service uses is not probed") {
  Probes probes;
  CHECK(load(probes, head + web) == "prober 0: check 1\nprober 0: check 2\n");
}

TEST_CASE("where a check connects: the server's word, the check's, the server's own place, the service's port") {
  Probes probes;
  CHECK(load(probes,
             "[check a]\ntype = http\naddress = 10.9.9.9\nport = 99\n[check b]\ntype = http\nhost = own\n"
             "[pool p]\ncheck = a, b\nserver = 10.0.0.1\nserver = 10.0.0.2:80 check_address=10.8.8.8 check_port=88\n"
             "[virtual_server s]\naddress = 10.0.0.100:80\npool = p\nhost = example.net\n") ==
        "prober 0: check 1\nprober 0: check 2\n"
        "prober 0: targets 1=1@10.9.9.9:99 host example.net 2=2@10.0.0.1:80 3=1@10.8.8.8:88 host example.net "
        "4=2@10.8.8.8:88\n");
}

TEST_CASE("a reload mentions only what is new, changed or gone; what is known of the others stays") {
  Probes probes;
  load(probes, head + web + site);
  probes.take(Transition{1, State::down, {.evidence = "refused"}}, s(5));
  CHECK(load(probes, head + web + site, s(9)).empty());
  CHECK(load(probes, head + web + "server = 10.0.0.3:80\n" + site, s(9)) == "prober 0: targets 3=1@10.0.0.3:80\n");
  CHECK(probes.find(1)->state == State::down);
  CHECK((probes.find(1)->since == s(5)));
  CHECK(load(probes, "[check a]\ntype = http\nfall = 9\n[check b]\ntype = ping\n" + web + site) ==
        "prober 0: check 1\nprober 0: drop 3\n");
  CHECK(load(probes, "[check c]\ntype = tcp\n[pool web]\ncheck = c\nserver = 10.0.0.1:80\n" + site) ==
        "prober 0: check 3\nprober 0: drop 1 2\nprober 0: targets 4=3@10.0.0.1:80\n"
        "prober 0: no check 1\nprober 0: no check 2\n");
  CHECK(probes.find(1) == nullptr);
  CHECK(probes.take(Transition{1, State::up, {}}, s(10)) == nullptr);
}

TEST_CASE("several probers share the targets; one that knows nothing is told its own, with their states") {
  Probes probes;
  CHECK(load(probes, two + head + web + site) ==
        "prober 0: check 1\nprober 1: check 1\nprober 0: check 2\nprober 1: check 2\n"
        "prober 0: targets 2=1@10.0.0.2:80\nprober 1: targets 1=1@10.0.0.1:80\n");
  probes.take(Transition{1, State::up, {.good = true}}, s(1));
  CHECK(told(probes.greet(1)) == "prober 1: check 1\nprober 1: check 2\nprober 1: targets 1=1@10.0.0.1:80 up\n");
  CHECK(told(probes.greet(0)) == "prober 0: check 1\nprober 0: check 2\nprober 0: targets 2=1@10.0.0.2:80\n");
}

TEST_CASE("a prober more takes its share and no other probe moves; of one that goes all move, with their states") {
  const std::string more = head + web + "server = 10.0.0.3\nserver = 10.0.0.4\n" + site;
  Probes probes;
  CHECK(load(probes, more) ==
        "prober 0: check 1\nprober 0: check 2\n"
        "prober 0: targets 1=1@10.0.0.1:80 2=1@10.0.0.2:80 3=1@10.0.0.3:80 4=1@10.0.0.4:80\n");
  probes.take(Transition{3, State::up, {.good = true}}, s(1));
  CHECK(load(probes, two + more, s(2)) == "prober 0: drop 1 3\nprober 1: targets 1=1@10.0.0.1:80 3=1@10.0.0.3:80 up\n");
  CHECK(load(probes, two + more, s(3)).empty());
  CHECK(told(probes.greet(1)) ==
        "prober 1: check 1\nprober 1: check 2\nprober 1: targets 1=1@10.0.0.1:80 3=1@10.0.0.3:80 up\n");
  CHECK(load(probes, more, s(4)) == "prober 0: targets 1=1@10.0.0.1:80 3=1@10.0.0.3:80 up\n");
  CHECK((probes.find(3)->since == s(1)));
}

TEST_CASE("many targets come in letters of a thousand") {
  std::string text = "[check a]\ntype = tcp\n[pool web]\ncheck = a\n";
  for (int i = 0; i < 2500; ++i) text += fmt::format("server = 10.1.{}.{}:80\n", i / 250, i % 250);
  Probes probes;
  std::string sizes;
  for (const auto& letter : probes.load(*config_of(text + site), s(0)))
    if (const auto* targets = std::get_if<SetTargets>(&letter.message))
      sizes += fmt::format("{} ", targets->targets.size());
  CHECK(sizes == "1000 1000 500 ");
}

TEST_CASE("runs and failures add up") {
  Probes probes;
  load(probes, head + web + site);
  probes.take(Transition{1, State::up, {.good = true}}, s(1));
  probes.take(Summaries{{{1, 10, 2, 1, {.evidence = "x"}}, {99, 1, 1, 1, {}}}}, s(2));
  probes.take(Transition{1, State::down, {.evidence = "y"}}, s(3));
  const TargetState& one = *probes.find(1);
  CHECK(one.runs == 12);
  CHECK(one.failures == 3);
  CHECK(one.against == 0);
  CHECK(one.verdict.evidence == "y");
  CHECK((one.since == s(3)));
  CHECK((one.last_run == s(3)));
}

TEST_CASE("a probe that has not run when it should is overdue") {
  const std::string text =
      "[check a]\ntype = http\ninterval = 2s\ninterval_down = 4s\njitter = 3s\ntimeout = 1s\n" + web + site;
  const auto config = config_of(text);
  Probes probes;
  probes.load(*config, s(0));
  const auto late = [&](Time now) { return probes.overdue(s(10), now).size(); };
  CHECK(late(s(18)) == 0);  // 4 + 3 + 1 + 10
  CHECK(late(s(18) + ms(1)) == 2);
  probes.take(Summaries{{{1, 1, 0, 0, {}}}}, s(18));
  CHECK(late(s(19)) == 1);
  CHECK(late(s(37)) == 2);
}

TEST_CASE("a verdict that was not to be had leaves what is known; it is told by check") {
  Probes probes;
  load(probes, head + web + site);
  probes.take(Transition{1, State::up, {.good = true, .evidence = "connected", .weight = 7}}, s(1));
  probes.take(Summaries{{{.target = 1, .unable = "no such device"}, {.target = 2, .unable = "no such device"}}}, s(9));
  const TargetState& one = *probes.find(1);
  CHECK(one.state == State::up);
  CHECK(one.verdict.evidence == "connected");
  CHECK((one.last_run == s(1)));
  CHECK(one.runs == 1);
  CHECK(probes.find(2)->state == State::unknown);
  const auto unable = probes.unable();
  REQUIRE(unable.size() == 1);
  CHECK(unable.at("a").count == 2);
  CHECK(unable.at("a").state->unable == "no such device");
  probes.take(Summaries{{{.target = 1, .runs = 1, .failures = 1, .against = 1, .verdict = {.evidence = "x"}}}}, s(10));
  probes.take(Transition{2, State::up, {.good = true}}, s(10));
  CHECK(probes.unable().empty());
  CHECK(one.weight == 7);  // a failure takes no weight away
}

TEST_CASE("what is known of servers seeds their probes; of a probe that two servers share only what both say") {
  const auto seeded = [&](std::vector<State> states) {
    Probes probes;
    const auto known = [&](ServerRef server) { return states[server.pool]; };
    return told(probes.load(*config_of("[check a]\ntype = http\n[pool p]\ncheck = a\nserver = 10.0.0.1:80\n"
                                       "[pool q]\ncheck = a\nserver = 10.0.0.1:80\n"
                                       "[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n"
                                       "[virtual_server t]\naddress = 10.0.0.101:80\npool = q\n"),
                            s(0), known));
  };
  CHECK(seeded({State::down, State::down}) == "prober 0: check 1\nprober 0: targets 1=1@10.0.0.1:80 down\n");
  CHECK(seeded({State::down, State::up}) == "prober 0: check 1\nprober 0: targets 1=1@10.0.0.1:80\n");
  CHECK(seeded({State::unknown, State::unknown}) == "prober 0: check 1\nprober 0: targets 1=1@10.0.0.1:80\n");
}

TEST_CASE("a certificate that begins to end soon is news once, until it is renewed") {
  Probes probes;
  load(probes, head + web + site);
  const auto see = [&](std::uint64_t end, bool soon) {
    probes.take(Summaries{{{.target = 1, .runs = 1, .verdict = {.good = true, .certificate = {end, soon}}}}}, s(1));
    return probes.expiring();
  };
  CHECK(see(100, false).empty());
  CHECK(see(100, true) == std::vector<std::uint32_t>{1});
  CHECK(see(100, true).empty());
  CHECK(see(0, false).empty());  // a failed probe sees none
  CHECK(see(100, true).empty());
  CHECK(see(200, false).empty());
  CHECK(probes.find(1)->certificate.end == 200);
  CHECK(see(200, true).size() == 1);
}

TEST_CASE("a pool that sleeps is not probed; awake again its servers begin with what was known") {
  Probes probes;
  const auto config = config_of(head + web + site);
  probes.load(*config, s(0), nullptr, {0});
  CHECK(probes.size() == 0);
  const auto down = [](ServerRef) { return State::down; };
  probes.load(*config, s(1), down);
  REQUIRE(probes.size() == 2);
  CHECK(probes.of({0, 0}).front()->state == State::down);
  probes.load(*config, s(2), down, {0});
  CHECK(probes.of({0, 0}).empty());
}

}  // namespace probes_test
