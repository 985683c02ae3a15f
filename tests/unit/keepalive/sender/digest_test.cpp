// Which mails go out when: alerts in, mails out, as a transcript.
#include "sender/digest.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "alerts.hpp"

using namespace keepalive;
using namespace keepalive::sender;

namespace {

/// "5 s: 1 SERVER_DOWN web/a" for each mail up to that time, as a timer would have it.
std::string mails(Digest& digest, Time until) {
  std::string text;
  while (digest.deadline() && *digest.deadline() <= until) {
    const Time now = *digest.deadline();
    const auto letter = digest.letter(now);
    REQUIRE(letter);
    text += fmt::format("{} s: {}\n", now / s(1), letter->subject);
  }
  return text;
}

Digest with(Time window, Time repeat = s(0)) {
  Digest digest;
  digest.set(window, repeat, s(0));
  return digest;
}

std::size_t lines(const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

}  // namespace

TEST_CASE("the first alert opens a window; all that comes within it is one mail") {
  Digest digest = with(s(5));
  CHECK(!digest.deadline());
  CHECK(digest.take(alert("SERVER_DOWN", "web/a"), s(10)));
  CHECK(digest.take(alert("SERVER_DOWN", "web/b"), s(12)));
  CHECK(digest.take(alert("QUORUM_LOST", "web"), s(14)));
  CHECK(!digest.letter(s(14)));
  CHECK(mails(digest, s(100)) == "15 s: 2 SERVER_DOWN web/a, web/b; 1 QUORUM_LOST web\n");
  digest.take(alert("DRIFT", "table", Alert::Level::warning), s(20));
  CHECK(mails(digest, s(100)) == "25 s: 1 DRIFT table\n");
}

TEST_CASE("a mail lists its alerts") {
  Digest digest = with(s(0));
  digest.take(alert("SERVER_DOWN", "web/a", Alert::Level::alert, "refused\r\nTo: you"), s(1));
  digest.take(alert("DRIFT", "table", Alert::Level::warning), s(1));
  CHECK(digest.letter(s(1))->body ==
        "2026-11-24T09:25:36.000250Z alert SERVER_DOWN web/a: web/a it is (refused  To: you)\n"
        "2026-11-24T09:25:36.000250Z warning DRIFT table: table it is\n");
}

TEST_CASE("a thousand servers down is one mail of two hundred lines") {
  Digest digest = with(s(5));
  for (int i = 0; i < 1000; ++i) digest.take(alert("SERVER_DOWN", fmt::format("web/{}", i)), s(1));
  const auto letter = digest.letter(s(6));
  REQUIRE(letter);
  CHECK(letter->subject == "1000 SERVER_DOWN web/0, web/1, web/2, ...");
  CHECK(lines(letter->body) == 201);
  CHECK(letter->body.ends_with("\nand 800 more\n"));
  CHECK(!digest.deadline());
}

TEST_CASE("information is news when it closes what is open, and only then") {
  Digest digest = with(s(5));
  CHECK(!digest.take(info("SERVER_UP", "web/a"), s(0)));
  CHECK(!digest.take(info("CONFIG_LOADED", "configuration"), s(0)));
  CHECK(digest.take(alert("SERVER_DOWN", "web/a"), s(1)));
  CHECK(!digest.take(info("SERVER_UP", "web/b"), s(2)));
  CHECK(!digest.take(info("QUORUM_GAINED", "web/a"), s(2)));
  CHECK(digest.take(info("SERVER_UP", "web/a"), s(10)));
  CHECK(!digest.take(info("SERVER_UP", "web/a"), s(11)));
  CHECK(mails(digest, s(100)) == "6 s: 1 SERVER_DOWN web/a; 1 SERVER_UP web/a\n");
}

TEST_CASE("what the kernel refused is open until it is taken") {
  for (const auto& [opens, closes] :
       {std::pair{"KERNEL_REFUSED", "KERNEL_ACCEPTED"}, std::pair{"SETTING_REFUSED", "SETTING_ACCEPTED"},
        std::pair{"RULES_REFUSED", "RULES_WRITTEN"}}) {
    Digest digest = with(s(5), s(60));
    digest.take(alert(opens, "x"), s(0));
    CHECK(!digest.take(info(closes, "y"), s(1)));
    CHECK(mails(digest, s(100)).ends_with(fmt::format("60 s: still open: 1 {} x\n", opens)));
    CHECK(digest.take(info(closes, "x"), s(101)));
    CHECK(mails(digest, s(900)) == fmt::format("106 s: 1 {} x\n", closes));
  }
}

TEST_CASE("what stays open is told again each `repeat`, until nothing is") {
  Digest digest = with(s(5), s(60));
  digest.take(alert("SERVER_DOWN", "web/a"), s(0));
  digest.take(alert("SERVER_DOWN", "web/b"), s(0));
  digest.take(alert("DRIFT", "table", Alert::Level::warning), s(0));  // happened once
  CHECK(mails(digest, s(100)) ==
        "5 s: 2 SERVER_DOWN web/a, web/b; 1 DRIFT table\n60 s: still open: 2 SERVER_DOWN web/a, web/b\n");
  digest.take(info("SERVER_UP", "web/a"), s(100));
  CHECK(mails(digest, s(200)) ==
        "105 s: 1 SERVER_UP web/a\n120 s: still open: 1 SERVER_DOWN web/b\n180 s: still open: 1 SERVER_DOWN web/b\n");
  digest.take(info("SERVER_UP", "web/b"), s(200));
  CHECK(mails(digest, s(900)) == "205 s: 1 SERVER_UP web/b\n");
}

TEST_CASE("what stands when the sender starts is no news, but is told again and can be closed") {
  Digest digest = with(s(5), s(60));
  digest.take(alert("CONFIG_REFUSED", "configuration"), s(0));
  digest.take(alert("SERVER_DOWN", "gone/a"), s(0));
  mails(digest, s(5));
  digest.stand({{alert("SERVER_DOWN", "web/a")}}, s(10));
  CHECK(mails(digest, s(60)) == "60 s: still open: 1 CONFIG_REFUSED configuration; 1 SERVER_DOWN web/a\n");
  CHECK(!digest.take(info("SERVER_UP", "gone/a"), s(70)));
  CHECK(digest.take(info("SERVER_UP", "web/a"), s(70)));
}

TEST_CASE("a reload changes window and repeat") {
  Digest digest = with(s(5), s(60));
  digest.take(alert("SERVER_DOWN", "web/a"), s(0));
  mails(digest, s(5));
  digest.set(s(1), s(0), s(6));
  CHECK(!digest.deadline());
  digest.set(s(1), s(10), s(7));
  CHECK(mails(digest, s(20)) == "17 s: still open: 1 SERVER_DOWN web/a\n");
}

TEST_CASE("what waits can be had before its window is over") {
  Digest digest = with(s(5));
  CHECK(!digest.last_letter());
  digest.take(alert("SERVER_DOWN", "web/a"), s(0));
  CHECK(digest.last_letter()->subject == "1 SERVER_DOWN web/a");
  CHECK(!digest.last_letter());
  CHECK(!digest.deadline());
}
