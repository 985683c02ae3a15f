#include <cerrno>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "net/edits.hpp"

namespace keepalive::net::test {
namespace {

Prefix prefix(const char* text, std::uint8_t length) { return {address(text), length}; }

TEST_CASE("routes come and go as `ip route` shows them") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  const Index wire = index_of("wire");
  struct Row {
    Route route = {};
    std::string shown = "";
  };
  const std::vector<Row> rows = {
      {{.destination = prefix("10.8.0.0", 16), .via = address("10.1.0.2")},
       "10.8.0.0/16 via 10.1.0.2 dev wire proto keepalived"},
      {{.destination = prefix("10.8.1.0", 24), .interface = wire, .source = address("10.1.0.1")},
       "10.8.1.0/24 dev wire proto keepalived scope link src 10.1.0.1"},
      {{.destination = prefix("0.0.0.0", 0), .via = address("10.1.0.2"), .metric = 50, .mtu = 1400},
       "default via 10.1.0.2 dev wire proto keepalived metric 50 mtu 1400"},
      {{.destination = prefix("10.8.2.0", 24), .via = address("10.99.0.1"), .interface = wire, .onlink = true},
       "10.8.2.0/24 via 10.99.0.1 dev wire proto keepalived onlink"},
      {{.destination = prefix("10.8.3.0", 24), .via = address("fe80::2"), .interface = wire},
       "10.8.3.0/24 via inet6 fe80::2 dev wire proto keepalived"},
      {{.destination = prefix("10.8.4.0", 24), .interface = wire, .scope = scope::global},
       "10.8.4.0/24 dev wire proto keepalived"},
      {{.destination = prefix("10.8.5.0", 24), .kind = RouteKind::blackhole}, "blackhole 10.8.5.0/24 proto keepalived"},
      {{.destination = prefix("10.8.6.0", 24), .kind = RouteKind::unreachable},
       "unreachable 10.8.6.0/24 proto keepalived"},
      {{.destination = prefix("10.8.7.0", 24), .kind = RouteKind::prohibit}, "prohibit 10.8.7.0/24 proto keepalived"},
      {{.destination = prefix("10.8.8.0", 24), .interface = wire, .table = 1000},
       "10.8.8.0/24 dev wire table 1000 proto keepalived scope link"},
      {{.destination = prefix("fd00:8::", 32), .via = address("fe80::2"), .interface = wire},
       "fd00:8::/32 via fe80::2 dev wire proto keepalived metric 1024 pref medium"},
      {{.destination = prefix("::", 0), .via = address("fe80::2"), .interface = wire, .table = 7, .metric = 5},
       "default via fe80::2 dev wire table 7 proto keepalived metric 5 pref medium"},
      {{.destination = prefix("fd00:9::", 32), .kind = RouteKind::blackhole},
       "blackhole fd00:9::/32 dev lo proto keepalived metric 1024 pref medium"},
  };
  for (const auto& [route, shown] : rows) {
    CAPTURE(shown);
    const std::vector<Route> one = {route};
    const std::string list = std::string{"{ ip -4 route show table all; ip -6 route show table all; }"} +
                             " | grep keepalived | sed 's/  */ /g; s/ $//'";
    CHECK(edits.add(one) == Answers{0});
    CHECK(output(list) == shown);
    CHECK(edits.add(one) == Answers{0});  // as it is
    CHECK(output(list) == shown);
    CHECK(edits.remove(one) == Answers{0});
    CHECK(output(list) == "");
    CHECK(edits.remove(one) == Answers{0});
  }
}

TEST_CASE("a route of somebody else's is neither replaced nor removed") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  shell("ip route add default via 10.1.0.9");
  const std::vector<Route> ours = {{.destination = prefix("0.0.0.0", 0), .via = address("10.1.0.2")},
                                   {.destination = prefix("10.8.0.0", 16), .via = address("10.2.0.2")}};
  CHECK(edits.add(ours) == Answers{EEXIST, ENETUNREACH});
  CHECK(edits.remove(ours) == Answers{0, 0});
  CHECK(output("ip route show default | sed 's/ $//'") == "default via 10.1.0.9 dev wire");
}

TEST_CASE("rules come and go as `ip rule` shows them") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  struct Row {
    Rule rule = {};
    std::string shown = "";
  };
  const std::vector<Row> rows = {
      {{.from = prefix("10.7.0.0", 16), .table = 10, .priority = 100},
       "100: from 10.7.0.0/16 lookup 10 proto keepalived"},
      {{.to = prefix("10.7.0.1", 32), .in = "wire", .table = 1000, .priority = 101},
       "101: from all to 10.7.0.1 iif wire lookup 1000 proto keepalived"},
      {{.out = "wire", .mark = 7, .mark_mask = 0xff, .table = 11, .priority = 102},
       "102: from all fwmark 0x7/0xff oif wire lookup 11 proto keepalived"},
      {{.mark = 0, .mark_mask = 0xf, .table = 12, .priority = 103},
       "103: from all fwmark 0/0xf lookup 12 proto keepalived"},
      {{.from = prefix("10.7.0.2", 32), .table = 13, .priority = 0}, "0: from 10.7.0.2 lookup 13 proto keepalived"},
      {{.family = ipvs::Family::ipv6, .from = prefix("fd00:7::", 32), .table = 14, .priority = 104},
       "104: from fd00:7::/32 lookup 14 proto keepalived"},
  };
  for (const auto& [rule, shown] : rows) {
    CAPTURE(shown);
    const std::vector<Rule> one = {rule};
    const std::string list = "{ ip -4 rule; ip -6 rule; } | grep keepalived | tr '\\t' ' '";
    CHECK(edits.add(one) == Answers{0});
    CHECK(output(list) == shown);
    CHECK(edits.add(one) == Answers{EEXIST});
    CHECK(output(list) == shown);
    CHECK(edits.remove(one) == Answers{0});
    CHECK(output(list) == "");
    CHECK(edits.remove(one) == Answers{0});
  }
}

}  // namespace
}  // namespace keepalive::net::test
