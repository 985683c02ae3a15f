#include "io/settings.hpp"

#include <doctest/doctest.h>

#include "folder.hpp"
#include "io/state_file.hpp"

namespace settings_test {

using namespace keepalive;

TEST_CASE("a setting that cannot be given back is told, and stays ours to give back") {
  const Folder folder;
  const std::string path = folder.file("settings");
  const std::string text = "boot\nkernel.ostype Other Linux\n";  // nobody may write it
  REQUIRE(io::write_file(path, text));
  for (int starts = 0; starts < 2; ++starts) {
    const core::Settled outcome = io::Settings{path, "boot"}.give_back(AtStop::remove);
    CHECK(outcome.changes.empty());
    REQUIRE(outcome.faults.size() == 1);
    CHECK(outcome.faults[0].name == "kernel.ostype");
    CHECK(outcome.faults[0].text ==
          "kernel.ostype is Linux, which nothing needs, and cannot become Other as before: Permission denied");
    CHECK(io::read_file(path) == text);
  }
}

TEST_CASE("a setting that somebody else has changed meanwhile is theirs") {
  const Folder folder;
  const std::string path = folder.file("settings");
  REQUIRE(io::write_file(path, "boot\nkernel.ostype Other Ours\n"));
  const core::Settled outcome = io::Settings{path, "boot"}.give_back(AtStop::remove);
  CHECK(outcome.changes.empty());
  CHECK(outcome.faults.empty());
  CHECK(io::read_file(path) == "boot\n");
}

}  // namespace settings_test
