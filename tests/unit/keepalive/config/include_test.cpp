#include <doctest/doctest.h>

#include "texts.hpp"

namespace include_test {

using namespace keepalive;
using namespace keepalive::test;

namespace {

std::string included(std::map<std::string, std::string> texts) {
  const auto config = load_texts(std::move(texts));
  if (!config) return base::render(config.error());
  std::string names;
  for (const Check& check : config->checks) names += check.name + " ";
  return names;
}
std::string check(const std::string& name) { return "[check " + name + "]\ntype = tcp\n"; }

}  // namespace

TEST_CASE("a file includes others: a pattern, relative to itself; a name must be there, a pattern may find nothing") {
  CHECK(included({{"k.conf", "[global]\ninclude = d/*.conf\ninclude = e.conf\ninclude = none/*.conf\n" + check("k")},
                  {"d/a.conf", check("a")},
                  {"d/b.conf", "[global]\ninclude = sub/c.conf\n"},
                  {"d/sub/c.conf", check("c")},
                  {"e.conf", check("e")},
                  {"f.conf", check("f")}}) == "k a c e ");
  CHECK(included({{"k.conf", "[global]\ninclude = /etc/*.x\n"}, {"/etc/a.x", check("a")}}) == "a ");
  CHECK(included({{"k.conf", "[global]\ninclude = e.conf\n"}}) ==
        "k.conf:2:11: error: cannot read e.conf: No such file or directory\n"
        "  include = e.conf\n"
        "            ^\n");
}

TEST_CASE("a file that two others include is read once") {
  CHECK(included({{"k.conf", "[global]\ninclude = a.conf\ninclude = *.conf\n"},
                  {"a.conf", "[global]\ninclude = c.conf\n"},
                  {"b.conf", "[global]\ninclude = c.conf\n"},
                  {"c.conf", check("c")}}) ==
        "k.conf:3:11: error: k.conf includes itself\n"
        "  include = *.conf\n"
        "            ^\n");
  CHECK(included({{"k.conf", "[global]\ninclude = d/a.conf\ninclude = d/*.conf\n"},
                  {"d/a.conf", "[global]\ninclude = c.conf\n"},
                  {"d/b.conf", "[global]\ninclude = c.conf\n"},
                  {"d/c.conf", check("c")}}) == "c ");
}

TEST_CASE("a circle is told where it closes") {
  CHECK(included({{"k.conf", "[global]\ninclude = a.conf\n"}, {"a.conf", "[global]\ninclude = k.conf ; again\n"}}) ==
        "a.conf:2:11: error: k.conf includes itself\n"
        "  include = k.conf ; again\n"
        "            ^\n");
}

TEST_CASE("faults name the file they stand in") {
  CHECK(included({{"k.conf", "[global]\ninclude = d/*.conf\n[check a]\ntype = tcp\n"},
                  {"d/a.conf", "[check a]\ntype = tcp\n"},
                  {"d/b.conf", "x\n"}}) ==
        "d/a.conf:1:1: error: [check a] stands here twice; first at k.conf:3\n"
        "  [check a]\n"
        "  ^\n"
        "d/b.conf:1:1: error: neither `[section]' nor `key = value'\n"
        "  x\n"
        "  ^\n");
}

TEST_CASE("a thousand files, no more") {
  std::map<std::string, std::string> texts{{"k.conf", "[global]\ninclude = d/*.conf\n"}};
  for (int i = 1000; i < 1999; ++i) texts["d/" + std::to_string(i) + ".conf"] = "";
  CHECK(included(texts).empty());
  texts["d/z.conf"] = "";
  CHECK(included(texts) ==
        "k.conf:2:11: error: more than 1000 files are included\n"
        "  include = d/*.conf\n"
        "            ^\n");
}

}  // namespace include_test
