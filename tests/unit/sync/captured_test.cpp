// What the kernel says, read and said again.
#include "captured.hpp"

#include <doctest/doctest.h>

#include <charconv>

#include "sync/message.hpp"

using namespace ipvs;
using namespace ipvs::sync;

namespace {

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    std::uint8_t byte = 0;
    std::from_chars(&hex[i], &hex[i] + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

Datagram read(std::string_view hex) {
  const auto datagram = decode(base::as_bytes(bytes_of(hex)));
  REQUIRE(datagram);
  return *datagram;
}

Entry entry(const std::string& client, const std::string& vip, const std::string& server) {
  return {.client = *Endpoint::parse(client),
          .virtual_endpoint = *Endpoint::parse(vip),
          .destination = *Endpoint::parse(server),
          .flags = 0x83};
}

Entry tcp(int port) {
  Entry one = entry("10.0.0.7:" + std::to_string(port), "10.0.0.100:80", "10.0.0.11:80");
  one.state = 1;
  one.timeout = 900;
  return one;
}

/// A connection of UDP and its template.
std::vector<Entry> persistent(const std::string& client, const std::string& vip, const std::string& server) {
  Entry one = entry(client + ":40100", vip, server);
  one.protocol = 17;
  one.flags = 0x183;
  one.timeout = 300;
  Entry both = one;
  both.client.port = {0};
  both.flags = 0x1183;
  return {one, both};
}

const std::array given{Shift{1000, 5, 0}, Shift{2000, 0xfffffffb, 7}};

}  // namespace

TEST_CASE("captured, version 1: three connections") {
  CHECK(read(captured::v1_tcp) == Datagram{1, 51, {tcp(40100), tcp(40101), tcp(40102)}});
}

TEST_CASE("captured, version 1: a connection and the template of its service, in both families") {
  CHECK(read(captured::v1_udp_persistent) == Datagram{1, 51, persistent("10.0.0.7", "10.0.0.100:53", "10.0.0.11:53")});
  CHECK(read(captured::v1_ipv6) == Datagram{1, 51, persistent("[fd00::7]", "[fd00::100]:53", "[fd00::11]:53")});
}

TEST_CASE("captured, version 1: what a persistence engine keys on") {
  auto entries = persistent("10.0.0.7", "10.0.0.100:5060", "10.0.0.11:5060");
  entries[1].extras = std::make_shared<const Extras>(Extras{{}, "sip", "call-17@example.org"});
  CHECK(read(captured::v1_engine) == Datagram{1, 51, entries});
}

TEST_CASE("captured, version 0: no timeouts, and moved sequence numbers as they lie in memory") {
  std::vector<Entry> entries{tcp(40000), tcp(40001), tcp(40002)};
  for (Entry& one : entries) one.timeout = 0;
  CHECK(read(captured::v0_tcp) == Datagram{0, 51, entries});
  const Datagram shifted = read(captured::v0_shifted);
  REQUIRE(shifted.entries.size() == 1);
  CHECK(shifted.entries[0].flags == 0x6a3);
  REQUIRE(shifted.entries[0].extras);
  CHECK(shifted.entries[0].extras->shifts == given);
  CHECK(read(captured::v0_udp_persistent).entries.size() == 2);
}

TEST_CASE("captured, version 1: what is said again is byte for byte what the kernel said") {
  for (const std::string_view hex :
       {captured::v1_tcp, captured::v1_udp_persistent, captured::v1_ipv6, captured::v1_engine, captured::v1_shifted}) {
    const Datagram datagram = read(hex);
    CHECK(encode(datagram.entries, datagram.id) == std::vector{bytes_of(hex)});
  }
}

TEST_CASE("captured, version 0: what is said again in version 1 means the same") {
  for (const std::string_view hex : {captured::v0_tcp, captured::v0_udp_persistent, captured::v0_shifted}) {
    const Datagram datagram = read(hex);
    const auto again = encode(datagram.entries, datagram.id);
    REQUIRE(again.size() == 1);
    CHECK(decode(base::as_bytes(again[0])) == Datagram{1, 51, datagram.entries});
  }
}
