#include "parse.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <ostream>
#include <sstream>

namespace keepalive::ctl {
namespace {

std::vector<std::string> words(const std::string& line) {
  std::istringstream in{line};
  return {std::istream_iterator<std::string>{in}, {}};
}

TEST_CASE("command lines: what they ask for") {
  using std::chrono::milliseconds;
  struct Row {
    const char* line;
    Command command;
  };
  const Row rows[] = {
      {"", {}},
      {"--json", {.json = true}},
      {"status --watch", {.watch = true}},
      {"explain web/b", {.verb = Verb::explain, .object = "web/b"}},
      {"events --follow --since 7", {.verb = Verb::events, .since = 7, .follow = true}},
      {"events --since=18446744073709551615", {.verb = Verb::events, .since = UINT64_MAX}},
      {"doctor", {.verb = Verb::doctor}},
      {"metrics", {.verb = Verb::metrics}},
      {"plan --json", {.verb = Verb::plan, .json = true}},
      {"reload", {.verb = Verb::reload}},
      {"drain b", {.verb = Verb::drain, .object = "b"}},
      {"drain b --wait --deadline 60s",
       {.verb = Verb::drain, .object = "b", .deadline = milliseconds{60000}, .wait = true}},
      {"--deadline=5m drain b", {.verb = Verb::drain, .object = "b", .deadline = milliseconds{300000}}},
      {"undrain b", {.verb = Verb::undrain, .object = "b"}},
      {"weight [fd00::1]:80 7", {.verb = Verb::weight, .object = "[fd00::1]:80", .weight = 7}},
      {"disable b", {.verb = Verb::disable, .object = "b"}},
      {"alerts", {.verb = Verb::alerts}},
      {"acknowledge 7", {.verb = Verb::acknowledge, .object = "7"}},
      {"versions --json", {.verb = Verb::versions, .json = true}},
      {"confirm", {.verb = Verb::confirm}},
      {"rollback 3", {.verb = Verb::rollback, .object = "3"}},
      {"rollback 3 --confirm 2m", {.verb = Verb::rollback, .object = "3", .confirm = std::chrono::minutes{2}}},
      {"config diff", {.verb = Verb::diff}},
      {"config diff 3", {.verb = Verb::diff, .object = "3"}},
      {"config diff 3 4", {.verb = Verb::diff, .object = "3", .other = "4"}},
      {"switchover v1", {.verb = Verb::switchover, .object = "v1"}},
      {"switchover v1 --to backup", {.verb = Verb::switchover, .object = "v1", .to = "backup"}},
      {"enable b", {.verb = Verb::enable, .object = "b"}},
      {"--instance east reload", {.verb = Verb::reload, .socket = "/run/keepalive-east/east.control"}},
      {"--socket /x/y status", {.socket = "/x/y"}},
      {"-h", {.verb = Verb::help}},
      {"drain --help", {.verb = Verb::help}},
      {"--version", {.verb = Verb::version}},
      {"-V", {.verb = Verb::version}},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string{row.line});
    const auto command = parse(words(row.line));
    REQUIRE_MESSAGE(command.has_value(), command.error());
    CHECK((*command == row.command));
  }
}

TEST_CASE("command lines: what is wrong with them") {
  struct Row {
    const char* line;
    const char* fault;
  };
  const Row rows[] = {
      {"statsu", "no such command: `statsu'; did you mean `status'?"},
      {"xyzzy", "no such command: `xyzzy'"},
      {"--wtach", "no such option: `--wtach'; did you mean `--watch'?"},
      {"status --wat", "no such option: `--wat'; did you mean `--wait'?"},
      {"status -x", "no such option: `-x'"},
      {"status web", "status: `web' is too much"},
      {"status --wait", "--wait does not go with status"},
      {"reload --json", "--json does not go with reload"},
      {"status --json --watch", "--json and --watch do not go together"},
      {"--instance a --socket b", "--instance and --socket do not go together"},
      {"--instance ../x", "no such instance: `../x'"},
      {"drain", "drain wants SERVER"},
      {"drain a b", "drain: `b' is too much"},
      {"drain b --deadline soon", "--deadline wants a time such as 60s or 5m, not `soon'"},
      {"weight b", "weight wants SERVER N"},
      {"weight b x", "weight wants a number from 0 to 2147483647, not `x'"},
      {"weight b 2147483648", "weight wants a number from 0 to 2147483647, not `2147483648'"},
      {"weight b -1", "weight wants a number from 0 to 2147483647, not `-1'"},
      {"events --since x", "--since wants a number, not `x'"},
      {"events --since", "the required argument for option '--since' is missing"},
      {"explain", "explain wants OBJECT"},
      {"switchover", "switchover wants INSTANCE"},
      {"acknowledge", "acknowledge wants N"},
      {"rollback x", "rollback wants a number, not `x'"},
      {"rollback 3 --confirm 5s", "--confirm wants a time from 10s to 1h, not `5s'"},
      {"confirm --confirm 5m", "--confirm does not go with confirm"},
      {"config", "config wants diff"},
      {"config dif", "config wants diff, not `dif'"},
      {"config diff x", "config diff wants numbers of versions, not `x'"},
      {"config diff 1 2 3", "config diff: `3' is too much"},
      {"rollback 0", "rollback wants a number, not `0'"},
      {"switchover v1 --to fault", "--to wants backup or master, not `fault'"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string{row.line});
    const auto command = parse(words(row.line));
    CHECK((command ? std::string{"nothing"} : command.error()) == row.fault);
  }
  CHECK(parse({"drain", ""}).error() == "drain wants SERVER");
}

TEST_CASE("help names every command and option") {
  for (const char* word : {"status", "explain OBJECT", "weight SERVER N", "--deadline", "--instance", "--version"})
    CHECK(help().find(word) != std::string::npos);
}

}  // namespace
}  // namespace keepalive::ctl
