// Versions beside each other, as diff -u has it.
#include "difference.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "daemon.hpp"
#include "parse.hpp"
#include "run.hpp"

namespace keepalive::ctl {
namespace {

std::string files(const std::string& text) {
  return R"({"files":[{"path":"/k.conf","text":")" + text + R"("}],"versions":[{"number":3},{"number":2}]})";
}

TEST_CASE("changes come with three lines around them, near ones together") {
  CHECK(difference("a", "x\n", "b", "x\n") == "");
  CHECK(difference("a", "", "b", "1\n2\n") == "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+1\n+2\n");
  CHECK(difference("a", "1\n", "b", "") == "--- a\n+++ b\n@@ -1 +0,0 @@\n-1\n");
  // Of GNU diff 3.8.
  CHECK(difference("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "b", "1\n2\n3\n4\nx\n6\n7\n8\n9\n") ==
        "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  CHECK(difference("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "b", "0\n1\n2\n3\n4\n5\n6\n8\n9\n") ==
        "--- a\n+++ b\n@@ -1,9 +1,9 @@\n+0\n 1\n 2\n 3\n 4\n 5\n 6\n-7\n 8\n 9\n");
  CHECK(difference("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "b", "0\n1\n2\n3\n4\n5\n6\n7\n9\n") ==
        "--- a\n+++ b\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -5,5 +6,4 @@\n 5\n 6\n 7\n-8\n 9\n");
  CHECK(difference("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "b", "x\n2\n3\n4\n5\n6\n7\n8\ny\n") ==
        "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n");
}

TEST_CASE("texts that have little in common are told as one change") {
  std::string before;
  std::string after;
  for (int i = 0; i < 3000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  CHECK(difference("a", before, "b", after).starts_with("--- a\n+++ b\n@@ -1,3000 +1,3000 @@\n-a0\n"));
}

TEST_CASE("config diff: a version against what is loaded, against another; by itself, the last that is another") {
  struct Row {
    std::vector<std::string> words;
    std::vector<std::string> answers;
    std::vector<std::string> requests;
    std::string out;
  };
  const Row rows[] = {
      {{"config", "diff", "2"},
       {files("new\\n"), files("old\\n")},
       {"GET /v1/config", "GET /v1/config/versions/2"},
       "--- /k.conf\tversion 2\n+++ /k.conf\tloaded\n@@ -1 +1 @@\n-old\n+new\n"},
      {{"config", "diff", "1", "2"},
       {files("new\\n"), files("old\\n")},
       {"GET /v1/config/versions/2", "GET /v1/config/versions/1"},
       "--- /k.conf\tversion 1\n+++ /k.conf\tversion 2\n@@ -1 +1 @@\n-old\n+new\n"},
      {{"config", "diff"},
       {files("new\\n"), files("new\\n"), files("old\\n")},
       {"GET /v1/config", "GET /v1/config/versions/3", "GET /v1/config/versions/2"},
       "--- /k.conf\tversion 2\n+++ /k.conf\tloaded\n@@ -1 +1 @@\n-old\n+new\n"},
  };
  for (const Row& row : rows) {
    std::vector<std::string> answers;
    for (const std::string& answer : row.answers) answers.push_back(http(200, answer));
    Daemon daemon{answers};
    std::ostringstream out;
    std::ostringstream err;
    Session session{.client = Client{daemon.path()}, .out = out, .err = err};
    CHECK(run(session, *parse(row.words)) == Exit::done);
    CHECK(out.str() == row.out);
    CHECK(daemon.requests() == row.requests);
  }
  Daemon daemon{{http(404, R"({"error":"version 9 is not kept"})"), http(200, "{}")}};
  std::ostringstream out;
  std::ostringstream err;
  Session session{.client = Client{daemon.path()}, .out = out, .err = err};
  CHECK(run(session, *parse({"config", "diff", "8", "9"})) == Exit::refused);
  CHECK(err.str() == "keepalivectl: version 9 is not kept\n");
}

}  // namespace
}  // namespace keepalive::ctl
