#include "core/backlog.hpp"

#include <doctest/doctest.h>

#include "transcript.hpp"

namespace backlog_test {

using namespace keepalive;
using namespace keepalive::core;

namespace {

ipvs::ServiceKey key(std::size_t number) { return ipvs::FwmarkKey{{static_cast<std::uint32_t>(number)}}; }
Backlog::Keys keys(std::size_t count) {
  Backlog::Keys all;
  for (std::size_t i = 1; i <= count; ++i) all.insert(key(i));
  return all;
}

/// "write 64, repair 5": purposes and how many services.
std::string taken(Backlog& backlog, Time now, bool whole = false, Drift drift = Drift::repair) {
  constexpr std::string_view purposes[] = {"write", "repair", "report"};
  std::string text;
  for (const Reconcile& one : backlog.take(drift, whole, now))
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", purposes[static_cast<std::size_t>(one.purpose)],
                        one.keys.size());
  return text;
}

}  // namespace

TEST_CASE("what changed is written in slices of 16, or whole") {
  Backlog backlog;
  CHECK(taken(backlog, s(0)).empty());
  CHECK(!backlog.deadline());
  for (std::size_t i = 1; i <= 40; ++i) backlog.add(key(i));
  CHECK((backlog.deadline() == Time{0}));
  CHECK(taken(backlog, s(0)) == "write 16");
  CHECK(taken(backlog, s(0), true) == "write 24");
  CHECK(taken(backlog, s(0)).empty());
}

TEST_CASE("a refused service is tried again after 1 s, doubling to 30 s; it is news when its text is new") {
  Backlog backlog;
  backlog.look_after({key(1)}, s(0), s(0));
  Time now = s(0);
  std::string waits;
  std::size_t news = 0;
  for (int i = 0; i < 7; ++i) {
    news += backlog.take(Reconciled{.keys = {key(1)}, .refusals = {{key(1), "no"}}}, now).refused.size();
    CHECK(taken(backlog, now).empty());
    const Time due = *backlog.deadline();
    waits += fmt::format("{} ", (due - now) / s(1));
    CHECK(taken(backlog, due - ms(1)).empty());
    CHECK(taken(backlog, due) == "write 1");
    CHECK(!backlog.deadline());  // nothing to do until the answer comes
    now = due;
  }
  CHECK(waits == "1 2 4 8 16 30 30 ");
  CHECK(news == 1);
  CHECK(backlog.take(Reconciled{.keys = {key(1)}, .refusals = {{key(1), "never"}}}, now).refused.size() == 1);
  CHECK(backlog.refusals() == std::vector<std::string>{"never"});
  CHECK(backlog.take(Reconciled{.keys = {key(1)}}, now).taken == std::vector{key(1)});
  CHECK(backlog.take(Reconciled{.keys = {key(1)}}, now).taken.empty());
  CHECK(backlog.refusals().empty());
  CHECK(!backlog.deadline());
  // Refused again later: again from 1 s.
  backlog.take(Reconciled{.keys = {key(1)}, .refusals = {{key(1), "no"}}}, now);
  CHECK((backlog.deadline() == now + s(1)));
}

TEST_CASE("of a service with many refused servers the first is told") {
  Backlog backlog;
  const auto news =
      backlog.take(Reconciled{.keys = {key(1)}, .refusals = {{key(1), "a"}, {key(1), "b"}}}, s(0)).refused;
  REQUIRE(news.size() == 1);
  CHECK(news[0].text == "a");
}

TEST_CASE("a look after drift goes over all services in slices, then waits for the interval") {
  Backlog backlog;
  backlog.look_after(keys(38), s(30), s(0));
  CHECK((backlog.deadline() == s(30)));
  CHECK(taken(backlog, s(29)).empty());
  CHECK(taken(backlog, s(30)) == "repair 16");
  CHECK(*backlog.deadline() <= s(30));
  CHECK(taken(backlog, s(30)) == "repair 16");
  CHECK(taken(backlog, s(31), false, Drift::report) == "report 6");
  CHECK((backlog.deadline() == s(61)));
}

TEST_CASE("changes come before drift") {
  Backlog backlog;
  backlog.look_after(keys(5), s(30), s(0));
  for (std::size_t i = 1; i <= 17; ++i) backlog.add(key(i));
  CHECK(taken(backlog, s(30)) == "write 16");
  CHECK(taken(backlog, s(30)) == "write 1, repair 5");
}

TEST_CASE("a repair may be asked for at once, whatever the file says of drift, and when no look is due ever") {
  Backlog backlog;
  backlog.look_after(keys(3), s(0), s(0));
  CHECK(!backlog.deadline());
  backlog.repair_now(s(5));
  CHECK(taken(backlog, s(5), false, Drift::report) == "repair 3");
  CHECK(!backlog.deadline());
}

TEST_CASE("services that are not ours any more are not tried again") {
  Backlog backlog;
  backlog.take(Reconciled{.keys = {key(1)}, .refusals = {{key(1), "no"}}}, s(0));
  backlog.look_after({key(2)}, s(0), s(0));
  CHECK(!backlog.deadline());
}

}  // namespace backlog_test
