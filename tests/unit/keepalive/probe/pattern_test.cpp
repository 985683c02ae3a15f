#include "probe/pattern.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "director.hpp"
#include "server.hpp"

namespace pattern_test {

using namespace probe_test;
using keepalive::probe::Effort;
using keepalive::probe::Match;
using keepalive::probe::Pattern;

namespace {

Match look(std::string_view pattern, const std::string& text) {
  Effort effort;
  return Pattern{pattern}.look(text, effort);
}

}  // namespace

TEST_CASE("a pattern matches or not, whatever the size of the text") {
  const std::string megabyte(1U << 20U, 'a');
  CHECK(look("^a+$", megabyte) == Match::yes);
  CHECK(look("b", megabyte) == Match::no);
  CHECK(look("a$", std::string(1U << 16U, 'a')) == Match::yes);
  CHECK(look("ok", "it is ok") == Match::yes);
  CHECK(look("", "") == Match::yes);
}

TEST_CASE("a text that was made to freeze the prober gets some milliseconds, not minutes") {
  // What the pattern needs comes at last: else PCRE2 sees at once that it is not there.
  const std::string megabyte = std::string(1U << 20U, 'a') + " @ e b";
  for (const char* pattern : {R"(\w+@example)", "(a+)+$b", "(?:a|aa)*b", R"((?:\w+@|\w)*@)", R"(\w{60000}@)"}) {
    CAPTURE(pattern);
    CHECK(look(pattern, megabyte) == Match::too_costly);
  }
}

TEST_CASE("all looks at one answer share their time") {
  const Pattern pattern{R"(\w+@example)"};
  const std::string text = std::string(3000, 'a') + " @ e";
  Effort effort;
  int looks = 0;
  while (pattern.look(text, effort) == Match::no) REQUIRE(++looks < 100'000);
  CHECK(effort.left.count() <= 0);
}

TEST_CASE("a body that cannot be matched in time fails both `body' and `body_not'") {
  const Listener server{answering("HTTP/1.0 200 OK\r\n\r\n" + std::string(1'000'000, 'a') + " @ e")};
  for (const std::string key : {"body", "body_not"})
    CHECK(verdict_of("type = http\n" + key + " = \\w+@example", server.port()).evidence ==
          "matching the answer with `\\w+@example' takes too long");
  const Listener tcp{[](Peer& peer) { peer.say(std::string(1'000'000, 'a') + " @ e"), peer.hang(); }};
  CHECK(verdict_of("type = tcp\nexpect = \\\\w+@example", tcp.port()).evidence ==
        "matching the answer with `\\w+@example' takes too long");
}

}  // namespace pattern_test
