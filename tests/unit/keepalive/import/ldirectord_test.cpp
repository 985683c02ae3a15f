#include <doctest/doctest.h>

#include "imports.hpp"

namespace ldirectord_test {

using namespace keepalive::import::test;

namespace {

struct Row {
  std::string text;
  std::string wanted;
};

std::string service(const std::string& options) { return "virtual=10.0.0.1:80\n\treal=10.0.0.11:80 gate\n" + options; }

}  // namespace

TEST_CASE("ldirectord(8): timeouts of checks that negotiate and of checks that connect") {
  const Row rows[] = {
      {service(""), "interval = 10s\ntimeout  = 30s\nfall     = 1\n"},
      {service("\tchecktype=connect\n"), "interval = 10s\ntimeout  = 5s\nfall     = 1\n"},
      {"checktimeout=4\n" + service(""), "timeout  = 4s\n"},
      {"negotiatetimeout=9\n" + service("\tchecktype=connect\n"), "timeout  = 9s\n"},
      {service("\tfailurecount=3\n"), "fall     = 3\n"},
      {service("\tquiescent=yes\n"), "on_failure = quiesce\n"},
      {service(""), "scheduler = wrr\n"},
      {"virtual=10.0.0.1:80\n\treal=10.0.0.11:80 gate \"<u:\x01>\"\n", "left out: wants a number as threshold"},
      {service("\tcheckport=x\n"), "left out: checkport: wants a port"},
      {service("\trequest=\"a b\"\n"), "left out: request: write %20 for a blank, %22 for a quote"},
  };
  for (const Row& row : rows) {
    const std::string text = from_ldirectord(row.text);
    CHECK_MESSAGE(text.find(row.wanted) != std::string::npos, text);
    CHECK(load_faults(text) == "");
  }
}

TEST_CASE("a file that cannot be read is told as a compiler does") {
  CHECK(from_ldirectord("checktimeout=5\n  hello\n") ==
        "/ld.cf:2:3: error: neither a comment nor `key = value'\n    hello\n    ^\n");
  CHECK(from_ldirectord("\treal=10.0.0.1:80 gate\n") ==
        "/ld.cf:1:2: error: stands inside a virtual service, and there is none before it\n  \treal=10.0.0.1:80 gate\n  "
        "\t^\n");
}

}  // namespace ldirectord_test
