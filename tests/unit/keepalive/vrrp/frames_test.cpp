#include "core/vrrp/frames.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "core/vrrp/packet.hpp"

namespace frames_test {

using namespace keepalive::core::vrrp;

namespace {

constexpr Mac mac{0x02, 0x00, 0x00, 0x00, 0x00, 0x0a};

ipvs::Address at(const char* text) { return *ipvs::Address::parse(text); }

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) >> 4U];
    text += digits[static_cast<unsigned char>(byte) & 0xfU];
  }
  return text;
}

}  // namespace

TEST_CASE("a gratuitous ARP is keepalived's: a broadcast request, the address as sender and target") {
  CHECK(hex(announcement(at("10.9.0.100"), mac, false)) ==
        "ffffffffffff"
        "02000000000a"
        "0806"
        "0001"
        "0800"
        "06"
        "04"
        "0001"
        "02000000000a"
        "0a090064"
        "ffffffffffff"
        "0a090064");
}

TEST_CASE("RFC 9568 6.4.2: a neighbour advertisement has Override, no Solicited, and the Router flag of a router") {
  // The checksum was computed by other means.
  CHECK(hex(announcement(at("fd09::100"), mac, true)) ==
        "333300000001"
        "02000000000a"
        "86dd"
        "60000000"
        "0020"
        "3a"
        "ff"
        "fd090000000000000000000000000100"
        "ff020000000000000000000000000001"
        "88"
        "00"
        "d881"
        "a0000000"
        "fd090000000000000000000000000100"
        "02"
        "01"
        "02000000000a");
  CHECK(hex(announcement(at("fd09::100"), mac, false)).substr(116, 8) == "20000000");
}

TEST_CASE("RFC 9568 7.3: the virtual MAC ends in the family and the VRID") {
  CHECK(virtual_mac(ipvs::Family::ipv4, 51) == Mac{0x00, 0x00, 0x5e, 0x00, 0x01, 0x33});
  CHECK(virtual_mac(ipvs::Family::ipv6, 255) == Mac{0x00, 0x00, 0x5e, 0x00, 0x02, 0xff});
}

}  // namespace frames_test
