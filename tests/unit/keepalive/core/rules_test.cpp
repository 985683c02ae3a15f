#include "core/rules.hpp"

#include <doctest/doctest.h>

#include "core/ruleset.hpp"
#include "transcript.hpp"

namespace rules_test {

using namespace keepalive;
using namespace keepalive::core;

namespace {

const std::string group =
    "[pool p]\nserver = 10.0.0.1\n[virtual_server g]\naddress = tcp 10.0.0.100:80\ntogether = yes\nmark = 7\n"
    "persistence = 60s\npool = p\n";
const std::string none = "[pool p]\nserver = 10.0.0.1\n";
const std::string report = "[global]\ndrift = report\n";

struct Nft {
  explicit Nft(const std::string& text) { load(text, s(0)); }
  void load(const std::string& text, Time now) { rules.load(*config_of(text), now); }
  /// "write", "remove", "look", "".
  std::string due(Time now) {
    const auto action = rules.due(now);
    if (!action) return "";
    const auto* text = std::get_if<WriteRules>(&*action);
    return text == nullptr ? "look" : text->text == no_ruleset("x") ? "remove" : "write";
  }
  std::string wrote(bool good, Time now) { return word(rules.take({.good = good}, now)); }
  std::string saw(bool good, std::uint64_t digest, Time now) {
    return word(rules.take({.look = true, .good = good, .digest = digest}, now));
  }
  static std::string word(Rules::News news) {
    return news == Rules::News::none ? "" : news == Rules::News::stale ? "stale" : "changed";
  }
  Rules rules{"x"};
};

}  // namespace

TEST_CASE("rules are written, looked at once to know them, and looked after at the drift interval") {
  Nft nft{group};
  CHECK(nft.due(s(0)) == "write");
  CHECK(nft.due(s(0)).empty());  // one run of nft at a time
  CHECK(!nft.rules.deadline());
  CHECK(nft.wrote(true, s(1)).empty());
  CHECK(nft.due(s(1)) == "look");
  CHECK(nft.saw(true, 11, s(2)).empty());
  CHECK((nft.rules.deadline() == s(32)));
  CHECK(nft.due(s(31)).empty());
  CHECK(nft.due(s(32)) == "look");
  CHECK(nft.saw(true, 11, s(32)).empty());
  CHECK(nft.due(s(62)) == "look");
}

TEST_CASE("rules that are gone or have others in them are written again") {
  for (const bool there : {true, false}) {
    Nft nft{group};
    nft.due(s(0));
    nft.wrote(true, s(0));
    nft.due(s(0));
    nft.saw(true, 11, s(0));
    CHECK(nft.due(s(30)) == "look");
    CHECK(nft.saw(there, 12, s(30)) == "changed");
    CHECK(nft.due(s(30)) == "write");
    nft.wrote(true, s(30));
    CHECK(nft.due(s(30)) == "look");
    CHECK(nft.saw(true, 13, s(30)).empty());  // an nft of another version prints otherwise
    CHECK(nft.due(s(60)) == "look");
    CHECK(nft.saw(true, 13, s(60)).empty());
  }
}

TEST_CASE("with drift = report changed rules are told once and left; a reload writes them") {
  Nft nft{report + group};
  nft.due(s(0));
  nft.wrote(true, s(0));
  nft.due(s(0));
  nft.saw(true, 11, s(0));
  nft.due(s(30));
  CHECK(nft.saw(false, 0, s(30)) == "changed");
  CHECK(nft.rules.drift());
  CHECK(nft.due(s(60)) == "look");
  CHECK(nft.saw(false, 0, s(60)).empty());
  CHECK(nft.due(s(90)) == "look");
  CHECK(nft.saw(true, 11, s(90)).empty());
  CHECK(!nft.rules.drift());
  nft.due(s(120));
  nft.saw(true, 12, s(120));
  nft.load(report + group, s(121));
  CHECK(nft.due(s(121)) == "write");
}

TEST_CASE("what nft refuses is tried again after 5 s") {
  Nft nft{group};
  nft.due(s(0));
  nft.wrote(false, s(1));
  CHECK((nft.rules.deadline() == s(6)));
  CHECK(nft.due(s(6)) == "write");
}

TEST_CASE("rules that change while nft is busy are written when it is done") {
  Nft nft{group};
  CHECK(nft.due(s(0)) == "write");
  nft.load(none, s(1));
  CHECK(nft.due(s(1)).empty());
  nft.wrote(true, s(2));
  CHECK(nft.due(s(2)) == "remove");
  nft.wrote(true, s(2));
  CHECK(nft.due(s(99)).empty());
}

TEST_CASE("a first configuration without groups looks once for what a predecessor left") {
  Nft clean{none};
  CHECK(clean.due(s(0)) == "look");
  CHECK(clean.saw(false, 0, s(0)).empty());
  CHECK(!clean.rules.deadline());
  clean.load(none, s(1));
  CHECK(clean.due(s(99)).empty());

  Nft left{none};
  left.due(s(0));
  CHECK(left.saw(true, 5, s(0)) == "stale");
  CHECK(left.due(s(0)) == "remove");
}

TEST_CASE("with drift_interval = 0 rules are written and never looked at") {
  Nft nft{"[global]\ndrift_interval = 0\n" + group};
  nft.due(s(0));
  nft.wrote(true, s(0));
  CHECK(nft.due(s(99)).empty());
}

TEST_CASE("RFC 9568 6.1, Accept_Mode: what comes to an address for no service is dropped, but not for its owner") {
  const std::string routers =
      "[vrrp v1]\ninterface = eth0\nid = 51\naccept = no\naddresses = 10.0.0.100/24, fd00::100/64\n"
      "[vrrp v2]\ninterface = eth0\nid = 52\naccept = no\npriority = 255\naddresses = 10.0.0.102/24\n"
      "[vrrp v3]\ninterface = eth0\nid = 53\naddresses = 10.0.0.103/24\n";
  const std::string services =
      "[pool p]\nserver = 10.0.0.1\n[virtual_server a]\naddress = tcp 10.0.0.100:80\npool = p\n"
      "[virtual_server b]\naddress = tcp 10.0.0.103:80\npool = p\n"
      "[virtual_server m]\nfwmark = 7\npool = p\n";
  CHECK(ruleset(*config_of(routers + services), "") ==
        "table inet keepalive {}\n"
        "delete table inet keepalive\n"
        "table inet keepalive {\n"
        "  chain input {\n"
        "    type filter hook input priority 110; policy accept;\n"
        "    iif \"lo\" accept\n"
        "    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n"
        "    meta mark 0x7 accept\n"
        "    ip daddr 10.0.0.100 tcp dport 80 accept\n"
        "    ip daddr 10.0.0.100 drop\n"
        "    ip6 daddr fd00::100 drop\n"
        "  }\n"
        "}\n");
}

TEST_CASE("at the end the rules are taken away, if there are any") {
  CHECK(Nft{group}.rules.removal() == Action{WriteRules{no_ruleset("x")}});
  CHECK(!Nft{none}.rules.removal());
}

TEST_CASE("the ruleset as a whole: unmarked packets only, ports as ranges, one transaction") {
  const auto config = config_of(
      "[pool p]\nserver = 10.0.0.1\n[pool p6]\nserver = [fd00::1]\n"
      "[virtual_server g]\naddress = tcp 10.0.0.100:554, udp 10.0.0.100:6970-6972, udp 10.0.0.100:7000\n"
      "together = yes\nmark = 7\npersistence = 60s\npool = p\n"
      "[virtual_server h]\naddress = tcp [fd00::100]:0\ntogether = yes\nmark = 16\npersistence = 60s\npool = p6\n");
  const std::string marks =
      "    meta mark 0 ip daddr 10.0.0.100 tcp dport 554 meta mark set 0x7\n"
      "    meta mark 0 ip daddr 10.0.0.100 udp dport { 6970-6972, 7000 } meta mark set 0x7\n"
      "    meta mark 0 ip6 daddr fd00::100 meta l4proto tcp meta mark set 0x10\n";
  CHECK(ruleset(*config, "") ==
        "table inet keepalive {}\n"
        "delete table inet keepalive\n"
        "table inet keepalive {\n"
        "  chain prerouting {\n"
        "    type filter hook prerouting priority mangle; policy accept;\n" +
            marks +
            "  }\n"
            "  chain output {\n"
            "    type route hook output priority mangle; policy accept;\n" +
            marks +
            "  }\n"
            "}\n");
  CHECK(no_ruleset("lab") == "table inet keepalive-lab {}\ndelete table inet keepalive-lab\n");
  CHECK(ruleset(*config_of(none), "").empty());
}

}  // namespace rules_test
