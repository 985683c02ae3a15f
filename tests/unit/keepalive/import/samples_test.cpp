// keepalived's and ldirectord's own examples, as their packages in Debian bring them.
#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "config/files.hpp"
#include "imports.hpp"

namespace samples_test {

using namespace keepalive::import;
using namespace keepalive::import::test;

TEST_CASE("every example of Debian's keepalived becomes a configuration without faults") {
  const std::filesystem::path folder = "/usr/share/doc/keepalived/samples";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("SKIPPED: keepalived is not installed: tests/setup test");
    return;
  }
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (!entry.path().filename().string().starts_with("keepalived.conf")) continue;
    for (const std::string id : {"high", "low", "other"}) {
      INFO(entry.path() << " for " << id);
      const auto outcome = import_keepalived(entry.path().string(), keepalive::Files{}, {.id = id, .folder = "/"});
      REQUIRE(outcome);
      CHECK(load_faults(outcome->text) == "");
    }
    ++count;
  }
  CHECK(count >= 25);
}

namespace {

/// With the services, and options for all of them, that stand there behind a `#`.
std::string uncommented(const std::string& text) {
  std::istringstream lines{text};
  std::string all;
  bool inside = false;
  for (std::string line; std::getline(lines, line); all += line + "\n") {
    inside = line.starts_with("#virtual") || (inside && line.starts_with("#\t"));
    const bool option =
        line.starts_with("#fallback") || line.starts_with("#logfile") || line.starts_with("#emailalert");
    if (inside || option) line.erase(0, 1);
  }
  return all;
}

}  // namespace

TEST_CASE("Debian's example of ldirectord, with all its services: no fault, and what has no counterpart is left out") {
  const std::string path = "/usr/share/doc/ldirectord/examples/ldirectord.cf";
  const auto text = keepalive::Files{}.read_source(path);
  if (!text) {
    MESSAGE("SKIPPED: ldirectord is not installed: tests/setup test");
    return;
  }
  const auto outcome = import_ldirectord("/ld.cf", Texts{{{"/ld.cf", uncommented(*text)}}});
  REQUIRE(outcome);
  CHECK(load_faults(outcome->text) == "");
  std::string lost;
  for (const Remark& remark : outcome->remarks)
    if (remark.verdict == Verdict::lost) lost += remark.line + "\n";
  CHECK(lost ==
        "autoreload=yes\nlogfile=\"/var/log/ldirectord.log\"\nlogfile=\"local0\"\n"
        "virtual=192.168.6.240:80\n"  // stands there twice
        "fallback=127.0.0.1:143\n"    // is one of the servers
        "database=\"portal\"\nreal=sql01->sql03:3306 gate 10\nvirtual = 192.168.10.74:3306\n"
        "database=\"portal\"\nreal=sql01->sql03:5432 gate 10\nvirtual = 192.168.10.74:5432\n"
        "database=\"portal\"\nreal=sql01->sql03:1521 gate 10\nvirtual = 192.168.10.74:1521\n"
        "secret\nreal=192.168.6.2:1812 gate\n");  // a check logs in nowhere by RADIUS
}

}  // namespace samples_test
