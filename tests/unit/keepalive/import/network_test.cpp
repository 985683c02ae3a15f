#include "import/network.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "import/text.hpp"

namespace network_test {

using namespace keepalive::import;

namespace {

std::vector<std::string> words(const std::string& text) { return plain_words(text).value(); }

std::string drawn(const Converted& line) {
  if (line.text.empty()) return "none: " + line.why;
  return line.text + (line.differs.empty() ? "" : fmt::format(" ({})", fmt::join(line.differs, "; ")));
}

std::string range(const std::string& text) {
  const auto list = convert_range(text);
  return list ? fmt::format("{}", fmt::join(*list, " ")) : "none";
}

struct Row {
  std::string text;
  std::string ours;
};

}  // namespace

TEST_CASE("virtual addresses: options of ip-address(8) that we have, and the rest") {
  const Row rows[] = {
      {"10.0.0.1", "10.0.0.1"},
      {"10.0.0.1/24 dev eth1 label eth1:1 scope link", "10.0.0.1/24 dev eth1 label eth1:1 scope link"},
      {"10.0.0.1/24 dev eth1 scope nowhere",
       "10.0.0.1/24 dev eth1 (`scope nowhere' is left out: scope wants global, site, link, host or a number from 0 to "
       "255)"},
      {"10.0.0.1/24 dev eth1 label eth1:a-long-label",
       "10.0.0.1/24 dev eth1 (`label eth1:a-long-label' is left out: label wants at most 15 letters, such as eth0:1)"},
      {"10.0.0.9/29 brd +", "10.0.0.9/29 brd 10.0.0.15"},
      {"10.0.0.9/22 brd -", "10.0.0.9/22 brd 10.0.0.0"},
      {"10.0.0.1/32 peer 10.0.0.2 dev ppp0", "10.0.0.1/32 peer 10.0.0.2 dev ppp0"},
      {"fd00::1", "fd00::1 deprecated"},
      {"fd00::1/128 preferred_lft forever", "fd00::1/128"},
      {"fd00::1/64 preferred_lft 0", "fd00::1/64 deprecated"},
      {"fd00::1/64 -nodad home",
       "fd00::1/64 (IPv6 addresses are never probed for duplicates here; the flag home is not set)"},
      {"10.0.0.1/33", "none: is no address such as 192.168.200.17/24"},
      {"10.0.0.1/24 zork 1", "none: `zork' has no counterpart for an address"},
      {"", "none: is no address such as 192.168.200.17/24"},
  };
  for (const Row& row : rows) CHECK(drawn(convert_address(words(row.text))) == row.ours);
}

TEST_CASE("virtual routes") {
  const Row rows[] = {
      {"src 192.168.100.1 to 192.168.109.0/24 via 192.168.200.254 dev eth1",
       "192.168.109.0/24 src 192.168.100.1 via 192.168.200.254 dev eth1"},
      {"192.168.110.0/24", "192.168.110.0/24 dev eth0"},
      {"blackhole 192.168.114.0/24", "blackhole 192.168.114.0/24"},
      {"0.0.0.0/0 gw 192.168.0.1 table 100", "0.0.0.0/0 via 192.168.0.1 table 100"},
      {"default via 10.0.0.1 priority 12 mtu 1400 onlink dev eth1",
       "default via 10.0.0.1 metric 12 mtu 1400 onlink dev eth1"},
      {"10.1.0.0/16 via 10.0.0.1 or 10.0.0.2",
       "10.1.0.0/16 via 10.0.0.1 (has one way only: the second one is left out)"},
      {"10.1.0.0/16 nexthop via 10.0.0.1 weight 1",
       "none: `nexthop' has no counterpart for a route: on_master can run ip-route(8)"},
      {"10.1.0.0/16 via 10.0.0.1 rtt 102", "none: `rtt' has no counterpart for a route: on_master can run ip-route(8)"},
      {"10.1.0./16 dev eth0", "none: `10.1.0./16' is no prefix"},
  };
  for (const Row& row : rows) CHECK(drawn(convert_route(words(row.text), "eth0")) == row.ours);
}

TEST_CASE("virtual rules get the priority that keepalived gives them") {
  const Row rows[] = {
      {"from 192.168.28.0/24 to 192.168.29.0/26 table 7 iif eth1 fwmark 24/12",
       "from 192.168.28.0/24 to 192.168.29.0/26 table 7 iif eth1 fwmark 24/12 priority 16384"},
      {"from all lookup main preference 39", "from all table main priority 39"},
      {"to 192.168.100./24 table 1", "none: `192.168.100./24' is no prefix: keepalived leaves the rule out, too"},
      {"from 10.0.0.0/8 goto 40", "none: `goto' has no counterpart for a rule: on_master can run ip-rule(8)"},
      {"from 10.0.0.0/8", "none: rules here look a table up, and do nothing else"},
  };
  for (const Row& row : rows) CHECK(drawn(convert_rule(words(row.text), 16384)) == row.ours);
}

TEST_CASE("ranges of virtual_server_group are cut where an address' last part ends") {
  const Row rows[] = {
      {"192.168.200.1", "192.168.200.1"},
      {"192.168.200.1-10", "192.168.200.1-10"},
      {"192.168.200.250-192.168.202.10", "192.168.200.250-255 192.168.201.0-255 192.168.202.0-10"},
      {"192.168.202.8/29", "192.168.202.8-15"},
      {"192.168.202.8/22", "192.168.200.0-255 192.168.201.0-255 192.168.202.0-255 192.168.203.0-255"},
      {"ae00::2-9", "ae00::2-9"},
      {"ae00::2-ff", "ae00::2-ff"},
      {"ae00::2-ae00::1f", "ae00::2-1f"},
      {"ae00::10/124", "ae00::10-1f"},
      {"10.0.0.9-5", "none"},
      {"10.0.0.0/8", "none"},
      {"10.0.0.1-300", "none"},
      {"x", "none"},
  };
  for (const Row& row : rows) CHECK(range(row.text) == row.ours);
  CHECK(place_of("10.0.0.1", "80") == "10.0.0.1:80");
  CHECK(place_of("fd00::1", "80") == "[fd00::1]:80");
  CHECK(place_of("fd00::1", "0") == "[fd00::1]");
}

}  // namespace network_test
