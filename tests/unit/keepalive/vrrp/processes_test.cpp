#include "vrrp/processes.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "../io/folder.hpp"

using keepalive::vrrp_role::ProcessSearch;

namespace {

/// A folder like /proc.
struct Proc {
  void add(const std::string& entry, const std::string& name) const {
    std::filesystem::create_directory(folder.file(entry));
    std::ofstream{folder.file(entry + "/comm")} << name << '\n';
  }

  Folder folder = {};
};

}  // namespace

TEST_CASE("processes are found by their names, of which the kernel keeps 15 letters") {
  const Proc proc;
  proc.add("1", "init");
  proc.add("17", "a-very-long-nam");
  proc.add("sys", "haproxy");                                 // no process
  std::filesystem::create_directory(proc.folder.file("23"));  // has ended meanwhile
  ProcessSearch search{proc.folder.file(""), {"init", "a-very-long-name", "haproxy"}};
  CHECK(search.look(100));
  CHECK(search.runs("init"));
  CHECK(search.runs("a-very-long-name"));
  CHECK(!search.runs("haproxy"));
}

TEST_CASE("no more than so many entries are looked at in one go, and none when all are found") {
  const Proc proc;
  for (int i = 0; i < 1000; ++i) proc.add(std::to_string(i), "other");
  ProcessSearch search{proc.folder.file(""), {"init"}};
  int turns = 1;
  while (!search.look(100)) ++turns;
  CHECK(turns == 10);
  CHECK(!search.runs("init"));
  ProcessSearch other{proc.folder.file(""), {"other"}};
  CHECK(other.look(1));
}

TEST_CASE("what cannot be read has no processes") {
  ProcessSearch search{"/nonexistent", {"init"}};
  CHECK(search.look(1));
  CHECK(!search.runs("init"));
}
