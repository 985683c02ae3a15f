#include "net/vrrp_socket.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

namespace keepalive::net {
namespace {

using Packet = std::vector<std::uint8_t>;

// From 10.9.0.1 to 224.0.0.18, ToS 0xc0, TTL 255, protocol 112.
const Packet header = {0x45, 0xc0, 0, 32, 0, 1, 0, 0, 255, 112, 0, 0, 10, 9, 0, 1, 224, 0, 0, 18};

TEST_CASE("RFC 791 3.1: source, destination and TTL stand in the header; the message follows it, options or not") {
  Packet plain = header;
  plain.insert(plain.end(), {0x31, 0x33});
  Packet with_options = header;
  with_options[0] = 0x46;
  with_options.insert(with_options.end(), {0x94, 4, 0, 0, 0x31, 0x33});  // router alert
  for (const Packet& packet : {plain, with_options}) {
    const auto found = without_header(packet);
    REQUIRE(found);
    CHECK(found->source == ipvs::Address::parse("10.9.0.1"));
    CHECK(found->destination == ipvs::Address::parse("224.0.0.18"));
    CHECK(found->ttl == 255);
    CHECK(Packet{found->bytes.begin(), found->bytes.end()} == Packet{0x31, 0x33});
  }
}

TEST_CASE("what is no whole IPv4 header is nothing") {
  for (std::size_t size = 0; size < header.size(); ++size) CHECK_FALSE(without_header(std::span{header}.first(size)));
  CHECK(without_header(header)->bytes.empty());
  for (const std::uint8_t first : std::initializer_list<std::uint8_t>{0x65, 0x44, 0x40, 0x46, 0x4f}) {
    Packet packet = header;
    packet[0] = first;
    CHECK_FALSE(without_header(packet));
  }
}

}  // namespace
}  // namespace keepalive::net
