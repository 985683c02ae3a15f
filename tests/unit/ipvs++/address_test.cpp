#include "ipvs++/address.hpp"

#include <doctest/doctest.h>

#include <unordered_set>

using namespace ipvs;

TEST_CASE("an address prints as inet_ntop(3) does, whatever form it was written in") {
  struct Row {
    const char* text;
    const char* printed;
    Family family;
  };
  constexpr Row rows[] = {
      {"0.0.0.0", "0.0.0.0", Family::ipv4},
      {"192.0.2.1", "192.0.2.1", Family::ipv4},
      {"255.255.255.255", "255.255.255.255", Family::ipv4},
      {"::", "::", Family::ipv6},
      {"::1", "::1", Family::ipv6},
      {"2001:0DB8:0:0:0:0:0:1", "2001:db8::1", Family::ipv6},
      {"::ffff:192.0.2.1", "::ffff:192.0.2.1", Family::ipv6},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", Family::ipv6},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Family::ipv6},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto address = Address::parse(row.text);
    REQUIRE(address);
    CHECK(to_string(*address) == row.printed);
    CHECK(address->family() == row.family);
  }
}

TEST_CASE("what inet_pton(3) refuses is no address") {
  using namespace std::string_view_literals;
  for (std::string_view text :
       {""sv, " 192.0.2.1"sv, "192.0.2.1 "sv, "192.0.2"sv, "192.0.2.256"sv, "192.0.2.01x"sv, "192.0.2.1\0"sv,
        "fd00::1%eth0"sv, "[fd00::1]"sv, ":::"sv, "fd00::1::2"sv, "1111:2222:3333:4444:5555:6666:255.255.255.2550"sv}) {
    CAPTURE(text);
    CHECK_FALSE(Address::parse(text));
  }
}

TEST_CASE("an endpoint needs a port, and brackets around IPv6 only") {
  CHECK(to_string(Endpoint::parse("192.0.2.1:80").value()) == "192.0.2.1:80");
  CHECK(to_string(Endpoint::parse("[2001:db8::1]:65535").value()) == "[2001:db8::1]:65535");
  CHECK(to_string(Endpoint::parse("0.0.0.0:0").value()) == "0.0.0.0:0");
  for (const char* text :
       {"", ":", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:+1", "192.0.2.1:80 ",
        "192.0.2.1:0x50", "[192.0.2.1]:80", "2001:db8::1:80", "[2001:db8::1]", "[2001:db8::1]80", "[]:80", "name:80"}) {
    CAPTURE(text);
    CHECK_FALSE(Endpoint::parse(text));
  }
}

TEST_CASE("addresses are ordered by family, then as the network orders them") {
  const auto address = [](const char* text) { return Address::parse(text).value(); };
  CHECK(address("9.0.0.0") < address("10.0.0.0"));
  CHECK(address("255.255.255.255") < address("::"));
  CHECK(address("::1") < address("2001:db8::"));
  CHECK(Address::any(Family::ipv4) == Address{});
  CHECK(Address::any(Family::ipv6) == address("::"));
  CHECK(Address::any(Family::ipv6) != Address{});
}

TEST_CASE("RFC 5771, RFC 4291 2.7: 224.0.0.0/4 and ff00::/8 are multicast") {
  for (const char* text : {"224.0.0.0", "239.255.255.255", "ff02::1"}) CHECK(Address::parse(text)->is_multicast());
  for (const char* text : {"223.255.255.255", "240.0.0.0", "fe80::1"})
    CHECK_FALSE(Address::parse(text)->is_multicast());
}

TEST_CASE("equal endpoints hash alike, others hardly ever") {
  std::unordered_set<std::size_t> hashes;
  for (std::uint16_t port = 0; port < 1000; ++port) {
    hashes.insert(std::hash<Endpoint>{}({*Address::parse("192.0.2.1"), {port}}));
    hashes.insert(std::hash<Endpoint>{}({*Address::parse("2001:db8::1"), {port}}));
  }
  CHECK(hashes.size() == 2000);
  CHECK(std::hash<Address>{}(*Address::parse("::1")) == std::hash<Address>{}(*Address::parse("0::1")));
}
