// What the engine makes of checks beside states.
#include <doctest/doctest.h>

#include "transcript.hpp"

namespace engine_checks_test {

using namespace keepalive;
using namespace keepalive::core;

namespace {

const std::string site = "[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n";
const std::string two =
    "[check a]\ntype = tcp\n[check b]\ntype = ping\n[pool p]\ncheck = a, b\nserver = 10.0.0.1:80\n" + site;

/// What a step tells people, without the rest.
std::string news(const std::string& told) {
  std::string text;
  for (std::size_t at = 0; at < told.size();) {
    const std::size_t end = told.find('\n', at);
    const std::string line = told.substr(at, end - at + 1);
    for (const char* level : {"info ", "warning ", "alert "})
      if (line.starts_with(level)) text += line;
    at = end + 1;
  }
  return text;
}

Event unable(std::uint32_t target, const std::string& why) {
  return Heard{0, Summaries{{{.target = target, .unable = why}}}};
}

}  // namespace

TEST_CASE("a check that cannot probe takes no server down; it is an alarm until it can again") {
  Scene scene;
  scene.load(two);
  scene.step(ProberStarted{0}, s(0));
  scene.step(Heard{0, Transition{1, State::up, {.good = true}}}, s(1));
  scene.step(Heard{0, Transition{2, State::up, {.good = true}}}, s(1));
  CHECK(scene.step(unable(1, "cannot send through eth9: no such device"), s(2)).empty());
  const std::string told = news(scene.step(Tick{}, s(2)));
  CHECK(told ==
        "alert CHECK_UNABLE a: check a cannot probe: 1 probes; first: 10.0.0.1:80; servers keep their last state "
        "(cannot send through eth9: no such device)\n");
  CHECK(scene.engine.alarms() == std::vector<std::string>{"check a cannot probe"});
  CHECK(news(scene.step(Tick{}, s(4))).empty());
  CHECK(scene.engine.pools().server(0, 0).state == State::up);
  scene.step(Heard{0, Summaries{{{.target = 1, .runs = 1, .verdict = {.good = true}}}}}, s(5));
  CHECK(news(scene.step(Tick{}, s(6))) == "info CHECK_ABLE a: check a probes again\n");
  CHECK(scene.engine.alarms().empty());
}

TEST_CASE("probes that are late for a reason that is known are told with it") {
  Scene scene;
  scene.load(two);
  scene.step(ProberStarted{0}, s(0));
  scene.step(unable(2, "cannot ping"), s(15));
  scene.step(Tick{}, s(15));  // we slept ourselves until now
  CHECK(news(scene.step(Tick{}, s(17))).find("first: a of 10.0.0.1:80 (cannot ping)\n") != std::string::npos);
}

TEST_CASE("a server's cause names the check, if it has several") {
  Scene scene;
  scene.load(two);
  CHECK(news(scene.step(Heard{0, Transition{2, State::down, {.evidence = "no answer"}}}, s(1)))
            .starts_with("alert SERVER_DOWN p/10.0.0.1:80: server p/10.0.0.1:80 is down (b: no answer)\n"));
}

TEST_CASE("of several weights the least counts, whichever check spoke last") {
  Scene scene;
  scene.load(
      "[check a]\ntype = file\npath = /a\n[check b]\ntype = file\npath = /b\n"
      "[pool p]\ncheck = a, b\nserver = 10.0.0.1:80\n" +
      site);
  const auto give = [&](std::uint32_t target, std::int32_t weight) {
    scene.step(Heard{0, Transition{target, State::up, {.good = true, .weight = weight}}}, s(1));
    return servers(scene.engine.wanted(), tcp("10.0.0.100:80"));
  };
  give(1, 5);
  CHECK(give(2, 9) == "10.0.0.1:80=5");
  CHECK(give(2, 3) == "10.0.0.1:80=3");
  CHECK(give(1, 2) == "10.0.0.1:80=2");
  CHECK(give(1, 50) == "10.0.0.1:80=3");
}

TEST_CASE("failures that are told one by one run no program of [global] notify") {
  Scene scene;
  scene.load("[global]\nnotify = /n\n" + two);
  CHECK(scene.step(Heard{0, Failures{{{1, "no answer"}, {99, "x"}}, 3}}, s(1)) ==
        "info PROBE_FAILED p/10.0.0.1:80: probe a of 10.0.0.1:80 failed (no answer)\n"
        "info PROBE_FAILED prober: 3 more probes failed\n");
}

TEST_CASE("a prober that asks for the program of a check that has none any more, or never had, gets nothing") {
  const std::string rest =
      "[pool p]\ncheck = c\nserver = 10.0.0.1:80\n[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n";
  Scene scene;
  scene.load("[check c]\ntype = script\ncommand = /c\n" + rest);
  const std::uint32_t target = scene.target(0, 0);
  scene.load("[check c]\ntype = tcp\n" + rest, s(1));
  REQUIRE(scene.target(0, 0) == target);
  CHECK(scene.step(Heard{0, RunScript{target, 1, 9}}, s(2)).empty());
}

TEST_CASE("a weight below zero, which no check gives, is none") {
  Scene scene;
  scene.load(
      "[check c]\ntype = script\ncommand = /c\ndynamic_weight = yes\n"
      "[pool p]\ncheck = c\nserver = 10.0.0.1:80 weight=5\n[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n");
  scene.step(Heard{0, Transition{1, State::up, {.good = true, .weight = -1}}}, s(1));
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.1:80=5");
  scene.step(Heard{0, Summaries{{{1, 1, 0, 0, {.good = true, .weight = 7}}}}}, s(2));
  scene.step(Heard{0, Summaries{{{1, 1, 0, 0, {.good = true, .weight = -2}}}}}, s(3));
  CHECK(servers(scene.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.1:80=7");
  CHECK(!scene.engine.probes().find(1)->verdict.weight);
}

TEST_CASE("a certificate that ends soon warns") {
  Scene scene;
  scene.load(two);
  const Verdict verdict{.good = true, .evidence = "; certificate ends in 5 days", .certificate = {1, true}};
  const std::string warning =
      "warning CERTIFICATE_EXPIRES p/10.0.0.1:80: the certificate of 10.0.0.1:80 ends soon, says check a "
      "(; certificate ends in 5 days)\n";
  CHECK(news(scene.step(Heard{0, Transition{1, State::up, verdict}}, s(1))) == warning);
  CHECK(news(scene.step(Heard{0, Summaries{{{.target = 1, .runs = 1, .verdict = verdict}}}}, s(2))).empty());
}

TEST_CASE("a director that starts again tells probers what it knew: `rise' and `fall' count") {
  Scene scene;
  scene.step(Restored{.states = {{"p/10.0.0.1:80", State::down}}}, s(0));
  const std::string told = scene.load(two);
  CHECK(told.find("targets 1=1@10.0.0.1:80 down 2=2@10.0.0.1:0 down\n") != std::string::npos);
  CHECK(scene.engine.pools().server(0, 0).state == State::down);
  const std::string again = scene.load(two + "[check c]\ntype = tcp\n[pool q]\ncheck = c\nserver = 10.0.0.2:80\n");
  CHECK(again.find("down") == std::string::npos);
}

}  // namespace engine_checks_test
