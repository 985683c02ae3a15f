// Sessions and lock-out, with a clock of numbers.
#include "monitor/gate.hpp"

#include <doctest/doctest.h>

#include "monitor/lockout.hpp"

using namespace keepalive::monitor;
using namespace std::chrono_literals;

TEST_CASE("a session ends when it idles, and at its limit however busy it is") {
  Gate gate;
  gate.use({.idle = 10s, .longest = 25s});
  gate.open("id", {.user = "anna"}, 100s);
  CHECK(gate.find("other", 101s) == nullptr);
  CHECK(gate.find("id", 109s)->user == "anna");
  CHECK(gate.peek("id", 118s) != nullptr);
  CHECK(gate.find("id", 118s) != nullptr);
  CHECK(gate.find("id", 124s) != nullptr);
  CHECK(gate.find("id", 125s) == nullptr);
  gate.open("id", {.user = "anna"}, 200s);
  CHECK(gate.peek("id", 210s) == nullptr);
  CHECK(gate.find("id", 210s) == nullptr);
  CHECK(gate.size() == 0);
}

TEST_CASE("sessions are closed by name, and by what is known of them") {
  Gate gate;
  gate.open("1", {.user = "anna", .hash = "old"}, 0s);
  gate.open("2", {.user = "bob", .hash = "b"}, 0s);
  gate.retain([](const Session& session) { return session.hash != "old"; });
  CHECK(gate.find("1", 1s) == nullptr);
  gate.close("2");
  CHECK(gate.find("2", 1s) == nullptr);
}

TEST_CASE("sessions are bounded: of a user and in all, the one that idled longest goes") {
  Gate gate;
  for (unsigned i = 0; i < Gate::most_of_user + 1; ++i)
    gate.open("a" + std::to_string(i), {.user = "anna"}, std::chrono::seconds{i});
  CHECK(gate.size() == Gate::most_of_user);
  CHECK(gate.find("a0", 40s) == nullptr);
  CHECK(gate.find("a1", 40s) != nullptr);
  for (unsigned i = 0; i < Gate::most_sessions; ++i)
    gate.open("b" + std::to_string(i), {.user = "user" + std::to_string(i)}, 50s);
  CHECK(gate.size() == Gate::most_sessions);
}

TEST_CASE("who guesses waits longer each time; one address does not lock others out of theirs for long") {
  Lockout lockout;
  const auto guess = [&](const std::string& user, const std::string& from, Time now) {
    lockout.begins(from);
    lockout.failed(user, from, now);
  };
  for (unsigned i = 0; i < Lockout::free_tries; ++i) {
    CHECK(lockout.wait("anna", "evil", 100s) == 0s);
    guess("anna", "evil", 100s);
  }
  CHECK(lockout.wait("anna", "evil", 100s) == 1s);
  CHECK(lockout.wait("bob", "evil", 100s) == 1s);    // the address
  CHECK(lockout.wait("anna", "other", 100s) == 0s);  // where nobody has guessed yet
  for (unsigned i = 0; i < Lockout::fresh_tries; ++i) guess("bob", "other", 100s);
  CHECK(lockout.wait("anna", "other", 100s) == 1s);  // the name
  CHECK(lockout.wait("eve", "other", 100s) == 0s);
  CHECK(lockout.wait("anna", "evil", 101s) == 0s);
  guess("anna", "evil", 101s);
  CHECK(lockout.wait("anna", "evil", 101s) == 2s);
  for (unsigned i = 0; i < 40; ++i) guess("anna", "evil", 200s);
  CHECK(lockout.wait("anna", "evil", 200s) == 15min);
  CHECK(lockout.wait("anna", "other", 200s) == 15min);
  CHECK(lockout.wait("anna", "home", 200s) == 0s);
  lockout.passed("anna", "home", 200s);
  for (unsigned i = 0; i < Lockout::fresh_tries; ++i) guess("bob", "home", 200s);
  for (unsigned i = 0; i < 40; ++i) guess("anna", "evil", 300s);
  CHECK(lockout.wait("anna", "home", 300s) == 0s);  // she came in from there before
  CHECK(lockout.wait("anna", "evil", 2h) == 0s);
  guess("anna", "evil", 2h);
  CHECK(lockout.wait("anna", "evil", 2h) == 0s);  // long ago is forgotten
}

TEST_CASE("an address has few tries under way, and what is remembered is bounded") {
  Lockout lockout;
  lockout.begins("evil");
  CHECK(lockout.wait("anna", "evil", 0s) == 0s);
  lockout.begins("evil");
  CHECK(lockout.wait("anna", "evil", 0s) > 0s);
  lockout.ends("evil");
  CHECK(lockout.wait("anna", "evil", 0s) == 0s);
  for (unsigned i = 0; i < 3 * Lockout::most_remembered; ++i)
    lockout.failed(std::to_string(i), std::to_string(i), std::chrono::seconds{i});
  CHECK(lockout.remembered() == 3 * Lockout::most_remembered);
}

TEST_CASE("of those who came in, the one is forgotten who did so longest ago") {
  Lockout lockout;
  const auto place = [](std::size_t i) { return "place " + std::to_string(i); };
  lockout.passed("anna", "home", 1s);
  for (std::size_t i = 1; i < Lockout::most_remembered; ++i) lockout.passed("anna", place(i), std::chrono::seconds{i});
  lockout.passed("anna", "home", 2h);
  lockout.passed("anna", "new", 2h);
  CHECK(lockout.remembered() == Lockout::most_remembered);
  for (const std::string& from : {std::string{"home"}, std::string{"new"}, place(1), place(2)})
    for (unsigned i = 0; i < Lockout::fresh_tries; ++i) lockout.failed("bob", from, 2h);
  for (unsigned i = 0; i < Lockout::free_tries; ++i) lockout.failed("anna", "evil", 2h);
  CHECK(lockout.wait("anna", "home", 2h) == 0s);
  CHECK(lockout.wait("anna", "new", 2h) == 0s);
  CHECK(lockout.wait("anna", place(1), 2h) > 0s);
  CHECK(lockout.wait("anna", place(2), 2h) == 0s);
}

TEST_CASE("addresses near each other have few tries under way, all together") {
  Lockout lockout;
  for (unsigned i = 0; i < Lockout::most_around_at_once; ++i) {
    CHECK(lockout.wait("anna", "192.0.2." + std::to_string(i), 0s) == 0s);
    lockout.begins("192.0.2." + std::to_string(i));
  }
  CHECK(lockout.wait("anna", "192.0.2.200", 0s) > 0s);
  CHECK(lockout.wait("anna", "192.0.3.1", 0s) == 0s);
  lockout.ends("192.0.2.0");
  CHECK(lockout.wait("anna", "192.0.2.200", 0s) == 0s);
}

TEST_CASE("whoever has many addresses near each other has no more first tries for it") {
  Lockout lockout;
  for (unsigned i = 0; i < 30; ++i) lockout.failed("anna", "2001:db8:1:" + std::to_string(i) + "::/64", 100s);
  CHECK(lockout.wait("anna", "2001:db8:1:ffff::/64", 100s) > 0s);
  CHECK(lockout.wait("bob", "2001:db8:1:ffff::/64", 100s) == 0s);
  CHECK(lockout.wait("anna", "2001:db8:2::/64", 100s) == 0s);
  CHECK(neighbourhood("192.0.2.7") == "192.0.2.0/24");
  CHECK(neighbourhood("2001:db8:1:2::/64") == "2001:db8:1::/48");
}

TEST_CASE("of IPv6 a network counts as one address") {
  CHECK(origin(*ipvs::Address::parse("192.0.2.7")) == "192.0.2.7");
  CHECK(origin(*ipvs::Address::parse("2001:db8:1:2:3::4")) == "2001:db8:1:2::/64");
}
