#include "core/explain.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/sentences.hpp"
#include "scene.hpp"

namespace keepalive::core {
namespace {

/// The sentences, one a line, behind a line with object, state and time.
std::string told(const Given& given, std::string_view object, Time now) {
  const auto text = explain(given.engine, given.circumstances, given.counts, object, now);
  if (!text) return text.error();
  const auto lines = text->find("\"lines\":[");
  std::string out = text->substr(1, lines - 2) + "\n";
  for (std::size_t i = lines + 9; i < text->size() - 3; ++i) {
    if ((*text)[i] != '"')
      out += (*text)[i];
    else if ((*text)[i + 1] == ',' && (*text)[i + 2] == '"')
      out += '\n', i += 2;
  }
  return out;
}

TEST_CASE("explain: a server before its first result") {
  const Given given{two_servers};
  CHECK(told(given, "b", seconds(1)) ==
        R"("object":"web/b","state":"unknown","since":"2023-11-14T22:13:20.000000Z"
server web/b is unknown since 2023-11-14T22:13:20.000000Z, 1 s ago
until the first result it counts as up (start = up)
check web-ok has not run yet: first within 2 s
it is in the table with weight 50)");
}

TEST_CASE("explain: a server that is down: the evidence, and what brings it up") {
  Given given{two_servers};
  given.turn("web/10.0.0.11:80", State::up, "HTTP status 200", seconds(1));
  given.turn("web/b", State::down, "HTTP status 500, wanted 200-299", seconds(2));
  CHECK(told(given, "web/b", seconds(3)) ==
        R"("object":"web/b","state":"down","since":"2023-11-14T22:13:22.000000Z"
server web/b is down since 2023-11-14T22:13:22.000000Z, 1 s ago
check web-ok is down since 2023-11-14T22:13:22.000000Z, 1 s ago: HTTP status 500, wanted 200-299
2 more successes of web-ok bring it up: next probe within 1 s
it is not in the table: on_failure = remove)");
  given.summarise("web/b", 1, "HTTP status 200", true, seconds(4));
  const std::string then = told(given, "web/b", Time{4'500'000});
  CHECK(then.find("1 more success of web-ok brings it up: next probe within 1 s") != std::string::npos);
}

TEST_CASE("explain: a server that is up with failures behind it") {
  Given given{two_servers};
  given.turn("web/b", State::up, "HTTP status 200", seconds(1));
  given.summarise("web/b", 1, "connection refused", false, seconds(4));
  CHECK(told(given, "web/b", seconds(7)) == R"("object":"web/b","state":"up","since":"2023-11-14T22:13:21.000000Z"
server web/b is up since 2023-11-14T22:13:21.000000Z, 6 s ago
check web-ok is up since 2023-11-14T22:13:21.000000Z, 6 s ago: connection refused
2 more failures of web-ok take it down: next probe is due
it is in the table with weight 50)");
}

TEST_CASE("explain: what an operator said, and how to take it back") {
  Given given{two_servers};
  given.turn("web/b", State::up, "HTTP status 200", seconds(1));
  given.counts = counted("10.0.0.12:80", 3, 2);
  const auto last_lines = [&](const Overlay& overlay) {
    given.operate("web", "b", overlay, seconds(3));
    const std::string text = told(given, "web/b", seconds(4));
    return text.substr(text.find("HTTP status 200\n") + 16);
  };
  CHECK(last_lines({.kind = Overlay::Kind::drain, .deadline = seconds(63)}) ==
        R"(weight 0 because an operator drains it: 3 active and 2 inactive connections are left
it is taken out when none is left, at the latest at 2023-11-14T22:14:23.000000Z, in 59 s
it is in the table with weight 0)");
  CHECK(last_lines({.kind = Overlay::Kind::drain, .gone = true}) ==
        "out of the table because an operator drained it: `keepalivectl undrain web/b' brings it back");
  CHECK(last_lines({.kind = Overlay::Kind::disable}) ==
        "out of the table because an operator disabled it: `keepalivectl enable web/b' brings it back");
  CHECK(last_lines({.kind = Overlay::Kind::weight, .weight = 7}) ==
        R"(weight 7 because an operator said so, 50 in the file: `keepalivectl undrain web/b' returns to it
it is in the table with weight 7)");
}

TEST_CASE("explain: slow start, and a server that waits for an operator") {
  Given slow{two_servers};
  slow.turn("web/10.0.0.11:80", State::up, "HTTP status 200", seconds(1));
  slow.turn("web/b", State::down, "connection refused", seconds(2));
  slow.turn("web/b", State::up, "HTTP status 200", seconds(10));
  const std::string text = told(slow, "web/b", seconds(11));
  CHECK(text.substr(text.find("slow start")) ==
        "slow start: weight 5 of 50 until 2023-11-14T22:14:00.000000Z, in 29 s\nit is in the table with weight 5");
  Given quiet{two_servers +
              "[pool other]\ncheck = web-ok\nserver = 10.0.1.1:80 name=x\nreadmit = quiescent\n"
              "[virtual_server other]\naddress = 10.0.0.101:80\npool = other\n"};
  quiet.turn("other/x", State::down, "connection refused", seconds(2));
  quiet.turn("other/x", State::up, "HTTP status 200", seconds(3));
  const std::string waits = told(quiet, "x", seconds(4));
  CHECK(waits.find("weight 0: it came back and waits for `keepalivectl undrain other/x'") != std::string::npos);
}

TEST_CASE("explain: a pool without quorum, by its own name and by its virtual server's") {
  Given given{two_servers};
  given.turn("web/10.0.0.11:80", State::down, "connection refused", seconds(1));
  given.turn("web/b", State::up, "HTTP status 200", seconds(2));
  const std::string pool = R"(pool web has no quorum: weight 50 is up, quorum is 60; gained at 60
sorry server 10.0.0.99:80 serves; it is not probed
server 10.0.0.11:80 is down: connection refused; not in the table
server b is up; not in the table)";
  CHECK(told(given, "web", seconds(3)) ==
        R"("object":"web","state":"sorry","since":"2023-11-14T22:13:21.000000Z")" + ("\n" + pool));
  const std::string service = R"("object":"site","state":"sorry","since":"2023-11-14T22:13:21.000000Z"
TCP 10.0.0.100:80 balances over pool web by wlc: 0 active, 0 inactive connections
)" + pool;
  for (const char* name : {"site", "TCP 10.0.0.100:80", "10.0.0.100:80"})
    CHECK(told(given, name, seconds(3)) == service);
  for (const char* name : {"10.0.0.99", "web/10.0.0.99:80"})
    CHECK(told(given, name, seconds(3)) ==
          R"("object":"web/10.0.0.99:80","state":"serves","since":"2023-11-14T22:13:21.000000Z"
sorry server 10.0.0.99:80 serves; it is not probed
pool web has no quorum: weight 50 is up, quorum is 60; gained at 60
0 active and 0 inactive connections)");
  const std::string server = told(given, "b", seconds(3));
  CHECK(server.find("it takes no connections because weight 50 of pool web is below its quorum 60: the sorry server "
                    "serves") != std::string::npos);
}

TEST_CASE("explain: what the kernel refuses, for those whom it concerns") {
  Given given{two_servers};
  const ipvs::ServiceKey key = ipvs::VipKey{ipvs::Protocol::tcp, *ipvs::Endpoint::parse("10.0.0.100:80")};
  const std::string text = "cannot add destination 10.0.0.12:80 of TCP 10.0.0.100:80: the kernel says ERANGE";
  given.engine.step(Reconciled{.keys = {key}, .refusals = {{key, text}}}, seconds(1));
  const auto concerned = [&](const char* object) {
    return told(given, object, seconds(2)).find("the kernel refuses: " + text) != std::string::npos;
  };
  CHECK(concerned("b"));
  CHECK(concerned("site"));
  CHECK_FALSE(concerned("10.0.0.11:80"));
}

TEST_CASE("explain: nothing is called so") {
  const Given given{two_servers};
  CHECK(told(given, "sitee", seconds(1)) ==
        "no server, pool, virtual server or virtual router is called `sitee'; did you mean `site'?");
  const Engine empty{};
  CHECK(explain(empty, {}, {}, "web", Time{0}).error() == "no configuration is loaded yet");
}

TEST_CASE("explain: durations are round") {
  struct Row {
    std::int64_t microseconds;
    const char* text;
  };
  for (const Row& row : {Row{0, "0 ms"}, Row{999'999, "999 ms"}, Row{1'000'000, "1 s"}, Row{119'000'000, "119 s"},
                         Row{120'000'000, "2 min"}, Row{7'200'000'000, "2 h"}, Row{172'800'000'000, "2 days"}})
    CHECK(duration(Time{row.microseconds}) == row.text);
}

}  // namespace
}  // namespace keepalive::core
