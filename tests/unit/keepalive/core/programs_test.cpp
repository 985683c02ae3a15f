#include "core/programs.hpp"

#include <doctest/doctest.h>

namespace programs_test {

using namespace keepalive::core;

namespace {

RunProgram program(std::uint32_t id, const std::string& object) { return {.id = id, .object = object}; }
std::string started(Programs& programs) {
  std::string ids;
  for (const RunProgram& one : programs.start()) ids += std::to_string(one.id) + " ";
  return ids;
}

}  // namespace

TEST_CASE("programs of one object run one after the other, those of others beside them") {
  Programs programs{10};
  programs.add(program(1, "a"));
  programs.add(program(2, "a"));
  programs.add(program(3, "b"));
  programs.add(program(4, ""));
  programs.add(program(5, ""));
  programs.add(program(6, "a"));
  CHECK(started(programs) == "1 3 4 5 ");
  CHECK(started(programs).empty());
  CHECK(programs.waiting() == 2);
  programs.finished(3);
  CHECK(started(programs).empty());
  programs.finished(1);
  CHECK(started(programs) == "2 ");
  programs.finished(2);
  CHECK(started(programs) == "6 ");
}

TEST_CASE("no more run at once than the limit; a lower one lets run what runs") {
  Programs programs{2};
  for (std::uint32_t id = 1; id <= 4; ++id) programs.add(program(id, ""));
  CHECK(started(programs) == "1 2 ");
  programs.set_limit(1);
  programs.finished(1);
  CHECK(started(programs).empty());
  programs.finished(2);
  CHECK(started(programs) == "3 ");
  programs.finished(99);
  CHECK(programs.running() == 1);
}

TEST_CASE("cleared, what runs ends and nothing follows") {
  Programs programs{1};
  for (std::uint32_t id = 1; id <= 3; ++id) programs.add({.id = id, .object = "a", .serial = id});
  CHECK(started(programs) == "1 ");
  CHECK_FALSE(programs.needs(1));
  CHECK(programs.needs(2));
  programs.clear();
  CHECK_FALSE(programs.needs(2));
  CHECK(programs.waiting() == 0);
  programs.finished(1);
  CHECK(started(programs).empty());
  CHECK(programs.running() == 0);
}

TEST_CASE("the answer to a director that is gone is not its successor's") {
  Tickets tickets;
  const std::uint32_t old = tickets.issue(1);
  tickets.clear();
  const std::uint32_t fresh = tickets.issue(1);
  CHECK(old != fresh);
  CHECK(tickets.redeem(old) == std::nullopt);
  CHECK(tickets.redeem(fresh) == 1);
  CHECK(tickets.redeem(fresh) == std::nullopt);
}

}  // namespace programs_test
