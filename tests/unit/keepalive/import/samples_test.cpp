// keepalived's own examples, as its package in Debian brings them.
#include <doctest/doctest.h>

#include <filesystem>

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

}  // namespace samples_test
