#include "rule_file.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

namespace ipvsadm {
namespace {

tl::expected<ipvs::Table, std::vector<std::string>> read(const std::string& text) {
  const int file = ::memfd_create("rules", MFD_CLOEXEC);
  REQUIRE(::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  ::lseek(file, 0, SEEK_SET);
  auto table = read_rules(file, "rules");
  ::close(file);
  return table;
}

using Complaints = std::vector<std::string>;

TEST_CASE("a rule file is a table: comments and empty lines aside, the last newline may be missing") {
  const auto table = read(
      "# saved\n"
      "\n"
      "-A -t 10.0.0.1:80 -s rr\r\n"
      "ipvsadm\t-a -t 10.0.0.1:80 -r 10.0.0.7:80 -g -w 1\n"
      "-A -f 7 -s wlc");
  REQUIRE(table);
  const ipvs::ServiceKey web = ipvs::VipKey{ipvs::Protocol::tcp, *ipvs::Endpoint::parse("10.0.0.1:80")};
  const ipvs::ServiceKey mark = ipvs::FwmarkKey{ipvs::Fwmark{7}, ipvs::Family::ipv4};
  const ipvs::Endpoint server = *ipvs::Endpoint::parse("10.0.0.7:80");
  CHECK(*table ==
        ipvs::Table{{web, {{.key = web, .scheduler = "rr"}, {{.endpoint = server}}}}, {mark, {{.key = mark}, {}}}});
}

TEST_CASE("every fault of a rule file is told with its line") {
  const auto table = read(
      "-A -t 10.0.0.1:80\n"
      "-A -t 10.0.0.1:80\n"
      "-a -t 10.0.0.2:80 -r 10.0.0.7\n"
      "-a -t 10.0.0.1:80 -r 10.0.0.7\n"
      "-a -t 10.0.0.1:80 -r 10.0.0.7\n"
      "-C\n"
      "-A -t 10.0.0.3:80 --frob\n"
      "rubbish\n"
      "-A -t 10.0.0.4:80 -s rr" +
      std::string{'\0'} + " -p 600\n");
  REQUIRE(!table);
  CHECK(table.error() == Complaints{"rules:2: service TCP 10.0.0.1:80 stands here twice",
                                    "rules:3: service TCP 10.0.0.2:80 is not added above",
                                    "rules:5: server 10.0.0.7:80 of service TCP 10.0.0.1:80 stands here twice",
                                    "rules:6: only -A and -a stand in a rule file", "rules:7: --frob: unknown option",
                                    "rules:8: only -A and -a stand in a rule file",
                                    "rules:9: NUL byte in the line: this is no rule file"});
}

TEST_CASE("a file without a rule would clear the table: it is refused") {
  for (const std::string text : {"", "\n", "# nothing\n"}) {
    const auto table = read(text);
    REQUIRE(!table);
    CHECK(table.error() == Complaints{"rules: no rule in it; -C clears the table"});
  }
}

TEST_CASE("a file that is no rule file is given up soon") {
  const auto lines = read([] {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "x\n";
    return text;
  }());
  REQUIRE(!lines);
  CHECK(lines.error().size() == 101);
  const auto one_line = read(std::string(1'000'000, 'x'));
  REQUIRE(!one_line);
  CHECK(one_line.error() == Complaints{"rules:1: line longer than 65536 bytes: this is no rule file"});
}

TEST_CASE("a descriptor that cannot be read is told") {
  const auto table = read_rules(-1, "rules");
  REQUIRE(!table);
  CHECK(table.error() == Complaints{"rules: cannot read: Bad file descriptor"});
}

}  // namespace
}  // namespace ipvsadm
