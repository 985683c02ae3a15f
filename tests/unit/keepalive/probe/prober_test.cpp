// The prober against its director: when it probes, and what it tells.
#include "probe/prober.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdio>
#include <fstream>

#include "director.hpp"
#include "server.hpp"

namespace prober_test {

using namespace probe_test;
using namespace keepalive;

namespace {

constexpr auto quick = "interval = 100ms\njitter = 0\ntimeout = 10s\n";

std::size_t count_transitions(const Director& director) {
  std::size_t count = 0;
  for (const core::Message& message : director.got) count += std::holds_alternative<core::Transition>(message) ? 1 : 0;
  return count;
}

/// The runs of scripts that were asked for, in order.
std::vector<std::uint32_t> runs_asked(const Director& director) {
  std::vector<std::uint32_t> runs;
  for (const core::Message& message : director.got)
    if (const auto* const one = std::get_if<core::RunScript>(&message)) runs.push_back(one->run);
  return runs;
}

const core::Transition& last_transition(const Director& director) {
  return std::get<core::Transition>(*std::find_if(director.got.rbegin(), director.got.rend(), [](const auto& message) {
    return std::holds_alternative<core::Transition>(message);
  }));
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    const int fd = ::mkstemp(path_.data());
    REQUIRE(fd >= 0);
    ::close(fd);
    write(text);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::remove(path_.c_str()); }
  void write(const std::string& text) const { std::ofstream{path_} << text; }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/prober_test.XXXXXX";
};

}  // namespace

TEST_CASE("the first good verdict is a transition; later ones are summaries, at most one a second") {
  const Listener server{[](Peer& peer) { peer.hang(); }};
  Director director;
  director.probe(1, std::string{"type = tcp\n"} + quick, server.port());
  CHECK(director.verdict(1).good);
  CHECK(director.state(1) == State::up);
  REQUIRE(director.until([&] { return director.summary(1) != nullptr && director.summary(1)->runs > 5; }));
  CHECK(director.summary(1)->failures == 0);
  CHECK(director.summary(1)->verdict.evidence.starts_with("connected in "));
  CHECK(count_transitions(director) == 1);
}

TEST_CASE("a server that goes away is down after `fall` failures, and up again after `rise` successes") {
  std::uint16_t port = 0;
  Director director;
  {
    const Listener server{[](Peer& peer) { peer.hang(); }};
    port = server.port();
    director.probe(1, std::string{"type = tcp\nfall = 3\nrise = 2\n"} + quick, port);
    REQUIRE(director.until([&] { return director.state(1) == State::up; }));
  }
  REQUIRE(director.until([&] { return director.state(1) == State::down; }));
  CHECK(last_transition(director).verdict.evidence == "connection refused");
}

TEST_CASE("a check that is told anew goes on with the state of its targets") {
  const Listener server{[](Peer& peer) { peer.hang(); }};
  Director director;
  director.probe(1, std::string{"type = tcp\n"} + quick, server.port());
  REQUIRE(director.until([&] { return director.state(1) == State::up; }));
  const std::size_t before = director.got.size();
  director.tell(core::SetCheck{1, std::string{"type = tcp\nrise = 5\n"} + quick});
  REQUIRE(director.until([&] {
    return director.got.size() > before + 4 && director.summary(1) != nullptr && director.summary(1)->runs > 5;
  }));
  CHECK(count_transitions(director) == 1);
}

TEST_CASE("a restarted prober takes the known state over: no news of a server that is still up") {
  const Listener server{[](Peer& peer) { peer.hang(); }};
  Director director;
  director.probe(1, std::string{"type = tcp\n"} + quick, server.port(), State::up);
  REQUIRE(director.until([&] { return director.summary(1) != nullptr; }));
  CHECK(count_transitions(director) == 0);
}

TEST_CASE("a dropped target is probed no more") {
  const Listener server{[](Peer& peer) { peer.hang(); }};
  Director director;
  director.probe(1, std::string{"type = tcp\n"} + quick, server.port());
  REQUIRE(director.until([&] { return director.state(1) == State::up; }));
  director.tell(core::DropTargets{{1}});
  director.tell(core::DropCheck{1});
  director.probe(2, std::string{"type = tcp\n"} + quick, server.port());
  REQUIRE(director.until([&] { return director.summary(2) != nullptr; }));  // 1's last words came before
  director.got.clear();
  REQUIRE(director.until([&] { return director.summary(2) != nullptr; }));
  CHECK(director.summary(1) == nullptr);
}

TEST_CASE("every second the prober says that it lives") {
  Director director;
  REQUIRE(director.until([&] { return director.got.size() >= 2; }));
  CHECK(std::get<core::Alive>(director.got[1]) == core::Alive{});
}

TEST_CASE("thousands of targets: each is probed, none much too late") {
  const Listener server{[](Peer&) {}};
  constexpr std::uint32_t count = 2000;
  Director director;
  director.tell(core::SetCheck{1, "type = tcp\ninterval = 60s\njitter = 2s\ntimeout = 20s\n"});
  core::SetTargets all;
  const auto address = *ipvs::Address::parse("127.0.0.1");
  for (std::uint32_t id = 1; id <= count; ++id)
    all.targets.push_back({.id = id, .check = 1, .endpoint = {address, {server.port()}}});
  director.tell(all);
  REQUIRE(director.until([&] { return count_transitions(director) == count; }));
  for (const core::Message& message : director.got)
    if (const auto* const transition = std::get_if<core::Transition>(&message)) CHECK(transition->verdict.good);
}

TEST_CASE("script: asked for once at a time; its end is the verdict") {
  Director director;
  const auto asked = [&] { return runs_asked(director).size(); };
  const auto run = [&] { return runs_asked(director).back(); };
  director.probe(1, std::string{"type = script\ncommand = /bin/true\ndynamic_weight = yes\nfall = 1\n"} + quick, 0);
  REQUIRE(director.until([&] { return asked() == 1; }));
  REQUIRE(director.until([&] { return director.got.size() > 2; }));  // seconds pass: it is not asked again
  CHECK(asked() == 1);
  director.tell(core::ScriptDone{.target = 1, .run = run() - 1, .exit_code = 3});  // of another time
  director.tell(core::ScriptDone{.target = 1, .run = run(), .exit_code = 12});
  CHECK(director.verdict(1) ==
        core::Verdict{.good = true, .evidence = "weight 10", .latency = director.verdict(1).latency, .weight = 10});
  REQUIRE(director.until([&] { return asked() == 2; }));
  director.tell(core::ScriptDone{.target = 1, .run = run(), .exit_code = 1, .line = "disk is full"});
  REQUIRE(director.until([&] { return director.state(1) == State::down; }));
  CHECK(last_transition(director).verdict.evidence == "exit code 1: disk is full");
  REQUIRE(director.until([&] { return asked() == 3; }));
  director.tell(core::ScriptDone{.target = 1, .run = run(), .exit_code = -9, .timed_out = true});
  REQUIRE(director.until([&] { return director.summary(1) != nullptr; }));
  CHECK(director.summary(1)->verdict.evidence == "script took longer than 10 s");
}

TEST_CASE("file: its number is the weight; no number is a failure") {
  const TemporaryFile file{"17\n"};
  Director director;
  director.probe(1, "type = file\nfall = 1\npath = " + file.path() + "\n" + quick, 0);
  CHECK(director.verdict(1).weight == 17);
  file.write("0");
  REQUIRE(director.until([&] { return director.summary(1) != nullptr && director.summary(1)->verdict.weight == 0; }));
  file.write("many");
  REQUIRE(director.until([&] { return director.state(1) == State::down; }));
  CHECK(verdict_of("type = file\npath = /nowhere", 0).evidence == "cannot read /nowhere: no such file or directory");
  CHECK(verdict_of("type = file\npath = /dev/zero", 0).evidence == "/dev/zero is not a file");
}

TEST_CASE("many probes at once, all timed out: each is told, none twice") {
  const Listener server{[](Peer& peer) { peer.hang(); }};
  constexpr std::uint32_t count = 600;
  Director director;
  director.tell(core::SetCheck{1, "type = tcp\nexpect = x\ninterval = 60s\njitter = 0\ntimeout = 1s\nfall = 1\n"});
  core::SetTargets all;
  const auto address = *ipvs::Address::parse("127.0.0.1");
  for (std::uint32_t id = 1; id <= count; ++id)
    all.targets.push_back({.id = id, .check = 1, .endpoint = {address, {server.port()}}});
  director.tell(all);
  REQUIRE(director.until([&] { return count_transitions(director) >= count; }));
  for (const core::Message& message : director.got)
    if (const auto* const transition = std::get_if<core::Transition>(&message))
      CHECK(transition->verdict.evidence == "no answer within 1 s");
  CHECK(count_transitions(director) == count);
}

TEST_CASE("script: one that cannot be run, or is not there, says nothing of the server") {
  for (const auto& [code, line, why] :
       {std::tuple{126, "sh: x: Permission denied", "cannot run the script: exit code 126: sh: x: Permission denied"},
        {127, "", "cannot run the script: exit code 127"},
        {core::never_ran, "cannot run /x: No such file or directory", "cannot run /x: No such file or directory"}}) {
    CAPTURE(code);
    Director director;
    director.probe(1, "type = script\ncommand = /x\nfall = 1\njitter = 0\n", 0, core::State::up);
    CHECK(director.until([&] { return !runs_asked(director).empty(); }));
    director.tell(core::ScriptDone{.target = 1, .run = runs_asked(director).front(), .exit_code = code, .line = line});
    CHECK(director.until([&] { return director.summary(1) != nullptr && !director.summary(1)->unable.empty(); }));
    CHECK(director.summary(1)->unable == why);
  }
}

TEST_CASE("script: one that waits for its turn is not a failure; the same run is asked for again") {
  Director director;
  director.probe(1, "type = script\ncommand = /bin/true\nfall = 1\ninterval = 100ms\njitter = 0\ntimeout = 10ms\n", 0,
                 State::up);
  REQUIRE(director.until([&] { return runs_asked(director).size() == 2; }));  // after 10 s
  CHECK(runs_asked(director)[0] == runs_asked(director)[1]);
  REQUIRE(director.until([&] { return director.summary(1) != nullptr; }));
  CHECK(director.summary(1)->unable == "cannot probe: the script waits until others have ended: [global] script_limit");
  CHECK(director.summary(1)->runs == 0);
  CHECK(count_transitions(director) == 0);
}

TEST_CASE("while a server fails `interval_failing' counts, while it is down `interval_down'") {
  std::uint16_t port = 0;
  const auto held = bound(SOCK_STREAM, port);
  Director director;
  const std::string check = "type = tcp\nfall = 3\ninterval = 60s\njitter = 0\ntimeout = 10s\nlog_failures = yes\n";
  director.probe(1, check + "interval_failing = 50ms\ninterval_down = 60s\n", port, State::up);
  REQUIRE(director.until([&] { return director.state(1) == State::down; }));
  const auto failures = [&] {
    std::size_t count = 0;
    for (const core::Message& message : director.got)
      if (const auto* const one = std::get_if<core::Failures>(&message)) count += one->list.size();
    return count;
  };
  REQUIRE(director.until([&] { return failures() == 3; }));
  SUBCASE("a shorter one counts at once") {
    director.tell(core::SetCheck{1, check + "interval_failing = 60s\ninterval_down = 50ms\n"});
    REQUIRE(director.until([&] { return failures() > 5; }));
  }
}

TEST_CASE("a fault of our own is no verdict: the state stays, and the cause is told") {
  const Listener server{[](Peer& peer) { peer.hang(); }};
  const std::string tcp = std::string{"type = tcp\nfall = 1\n"} + quick;
  for (const auto& [check, why] : {
           std::pair{tcp + "interface = nowhere9\n", "cannot send through nowhere9: "},
           std::pair{tcp + "source = 192.0.2.1\n", "cannot send from 192.0.2.1: cannot assign requested address"},
           std::pair{tcp + "expect = (\n", "cannot probe: "},
       }) {
    CAPTURE(check);
    Director director;
    director.probe(1, check, server.port(), State::up);
    REQUIRE(director.until([&] { return director.summary(1) != nullptr; }));
    CHECK(director.summary(1)->unable.starts_with(why));
    CHECK(director.summary(1)->runs == 0);
    CHECK(count_transitions(director) == 0);
    director.tell(core::SetCheck{1, tcp});
    REQUIRE(director.until([&] { return director.summary(1)->runs > 0; }));
    CHECK(director.summary(1)->unable.empty());
  }
}

TEST_CASE(
    "a probe with a mark waits for the director's socket, asks for more when it takes more, and says what it lacks") {
  const Listener server{[](Peer& peer) {
    if (peer.hear("\r\n\r\n").starts_with("GET / "))
      peer.say("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n");
    else
      peer.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }};
  const std::string check = std::string{"type = http\nfollow = yes\nmark = 7\nfall = 1\n"} + quick;
  Director director;
  const auto counts = [&] {
    std::vector<std::uint32_t> list;
    for (const core::Message& message : director.got)
      if (const auto* const one = std::get_if<core::WantSockets>(&message)) list.push_back(one->count);
    return list;
  };
  SUBCASE("it comes") {
    // Without a mark: who tests may have no right.
    director.open_socket = [] { return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); };
    director.probe(1, check, server.port());
    CHECK(director.verdict(1).good);
    REQUIRE(director.until([&] { return counts().size() > 3; }));
    CHECK(counts()[0] == 1);
    CHECK(counts()[1] == 2);
    CHECK(counts()[2] == 2);
    director.tell(core::SetCheck{1, std::string{"type = http\nfollow = yes\n"} + quick});
    director.tell(core::SetCheck{2, std::string{"type = tcp\n"} + quick});
    REQUIRE(director.until([&] { return director.summary(1) != nullptr && director.summary(1)->runs > 5; }));
    const std::size_t before = counts().size();
    director.got.clear();
    REQUIRE(director.until([&] { return director.summary(1) != nullptr && director.summary(1)->runs > 5; }));
    CHECK(before > 3);
    CHECK(counts().empty());
  }
  SUBCASE("the director cannot") {
    director.probe(1, check, server.port(), State::up);
    REQUIRE(director.until([&] { return !counts().empty(); }));
    const auto wanted =
        std::get<core::WantSockets>(*std::find_if(director.got.begin(), director.got.end(), [](const auto& m) {
          return std::holds_alternative<core::WantSockets>(m);
        }));
    director.tell(core::GotSocket{wanted.target, wanted.run + 1, "of another time"});
    director.tell(core::GotSocket{wanted.target, wanted.run, "cannot set mark 7: not permitted"});
    REQUIRE(director.until([&] { return director.summary(1) != nullptr; }));
    CHECK(director.summary(1)->unable == "cannot set mark 7: not permitted");
  }
  SUBCASE("the director does not answer") {
    director.probe(1, check, server.port(), State::up);
    REQUIRE(director.until([&] { return director.summary(1) != nullptr; }));
    CHECK(director.summary(1)->unable == "cannot probe: the director opens no socket");
    CHECK(director.summary(1)->runs == 0);
  }
}

TEST_CASE("a probe through the path that has no mark is not sent") {
  const Listener server{[](Peer& peer) { peer.hang(); }};
  Director director;
  const auto at = ipvs::Endpoint::parse("127.0.0.1:" + std::to_string(server.port())).value();
  director.tell(core::SetCheck{1, std::string{"type = tcp\nvia = path\n"} + quick});
  director.tell(core::SetTargets{{{.id = 1, .check = 1, .endpoint = at, .behind = at, .state = State::up}}});
  REQUIRE(director.until([&] { return director.summary(1) != nullptr; }));
  CHECK(director.summary(1)->unable == "cannot probe: [global] path_marks has no mark left");
  CHECK(server.connections() == 0);
}

}  // namespace prober_test
