#include "sender/outbox.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "alerts.hpp"

using namespace keepalive::sender;

namespace {

std::string begun(Outbox& box, Time now) {
  const Letter* const letter = box.begin(now);
  return letter == nullptr ? "nothing" : letter->subject;
}
Outbox holding(std::size_t most, int count) {
  Outbox box{most};
  for (int i = 1; i <= count; ++i) box.put({.subject = std::to_string(i)});
  return box;
}

}  // namespace

TEST_CASE("letters go one by one, in their order") {
  Outbox box = holding(20, 2);
  CHECK(begun(box, s(0)) == "1");
  CHECK(begun(box, s(0)) == "nothing");
  CHECK(!box.deadline());
  box.done(Attempt::sent, s(1));
  CHECK(begun(box, s(1)) == "2");
  box.done(Attempt::sent, s(2));
  CHECK(begun(box, s(2)) == "nothing");
  CHECK(box.empty());
}

TEST_CASE("a letter that failed is tried again after 5 s, doubling to 5 min") {
  Outbox box = holding(20, 2);
  Time now = s(0);
  std::string waits;
  for (int i = 0; i < 9; ++i) {
    CHECK(begun(box, now) == "1");
    box.done(Attempt::failed, now);
    CHECK(begun(box, *box.deadline() - Time{1}) == "nothing");
    waits += fmt::format("{} ", (*box.deadline() - now) / s(1));
    now = *box.deadline();
  }
  CHECK(waits == "5 10 20 40 80 160 300 300 300 ");
  CHECK(begun(box, now) == "1");
  box.done(Attempt::sent, now);
  CHECK(begun(box, now) == "2");
  box.done(Attempt::failed, now);
  CHECK((*box.deadline() - now == s(5)));
}

TEST_CASE("a letter that is refused is given up, the next goes at once") {
  Outbox box = holding(20, 2);
  CHECK(begun(box, s(0)) == "1");
  box.done(Attempt::refused, s(0));
  CHECK(begun(box, s(0)) == "2");
  CHECK(box.lost() == 1);
}

TEST_CASE("when too many wait the oldest are given up and counted, but not the one that is under way") {
  Outbox box{3};
  box.put({.subject = "1"});
  CHECK(begun(box, s(0)) == "1");
  for (int i = 2; i <= 6; ++i) box.put({.subject = std::to_string(i)});
  CHECK(box.lost() == 3);
  box.done(Attempt::failed, s(0));
  CHECK(begun(box, s(5)) == "1");
  box.done(Attempt::sent, s(5));
  CHECK(box.lost() == 0);
  CHECK(begun(box, s(5)) == "5");
}

TEST_CASE("what waits can be forgotten") {
  Outbox box = holding(20, 3);
  CHECK(begun(box, s(0)) == "1");
  box.clear();
  box.done(Attempt::failed, s(0));
  CHECK(begun(box, s(5)) == "1");
  box.done(Attempt::failed, s(5));
  box.clear();
  CHECK(box.empty());
  CHECK(!box.deadline());
}
