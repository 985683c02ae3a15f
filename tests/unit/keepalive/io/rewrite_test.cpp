#include "io/rewrite.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "folder.hpp"
#include "io/state_file.hpp"

using namespace keepalive;

namespace {

std::size_t entries(const std::string& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator{folder}, std::filesystem::directory_iterator{}));
}

}  // namespace

TEST_CASE("files are replaced with owner and mode, through links; new ones are made; nothing else is left") {
  Folder folder;
  std::ofstream{folder.file("real")} << "old";
  chmod(folder.file("real").c_str(), 0600);
  std::filesystem::create_symlink("real", folder.file("link"));
  CHECK(io::rewrite({{folder.file("link"), "new"}, {folder.file("fresh"), "f"}}).empty());
  CHECK(io::read_file(folder.file("real")) == "new");
  CHECK(std::filesystem::is_symlink(folder.file("link")));
  CHECK(io::read_file(folder.file("fresh")) == "f");
  struct stat info = {};
  REQUIRE(stat(folder.file("real").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0600);
  CHECK(entries(folder.file("")) == 3);
}

TEST_CASE("one that cannot be written keeps all as they were") {
  Folder folder;
  std::ofstream{folder.file("a")} << "old";
  CHECK(io::rewrite({{folder.file("a"), "new"}, {"/proc/no/such", "x"}}).starts_with("cannot write /proc/no/such: "));
  CHECK(io::read_file(folder.file("a")) == "old");
  // Its text can be made ready, but cannot take the place of a folder: what was done before is taken back.
  std::filesystem::create_directory(folder.file("b"));
  CHECK(io::rewrite({{folder.file("a"), "new"}, {folder.file("b"), "x"}}).starts_with("cannot write "));
  CHECK(io::read_file(folder.file("a")) == "old");
  CHECK(entries(folder.file("")) == 2);
}
