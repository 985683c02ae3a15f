#include "core/vrrp/packet.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/bytes.hpp"

namespace packet_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

ipvs::Address at(const char* text) { return *ipvs::Address::parse(text); }

std::string bytes(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); ++i)
    if (hex[i] != ' ') text += static_cast<char>(std::stoi(std::string{hex.substr(i++, 2)}, nullptr, 16));
  return text;
}

const Envelope multicast{.source = at("10.9.0.1"), .destination = at("224.0.0.18")};
const Envelope link_local{.source = at("fe80::4074:97ff:fe60:8757"), .destination = at("ff02::12")};

struct Golden {
  const char* what;
  Advertisement advertisement;
  Envelope envelope;
  Checksum checksum;
  std::string bytes;
};

/// Captured from keepalived 2.2.7, but for the one without a pseudo header, which was computed.
std::vector<Golden> golden() {
  const auto v2 = [](std::uint8_t priority) {
    return Advertisement{Version::v2, 51, priority, seconds{1}, {at("10.9.0.100")}, ""};
  };
  const auto v3 = [](std::uint8_t priority) {
    return Advertisement{Version::v3, 51, priority, seconds{1}, {at("10.9.0.100")}, ""};
  };
  const Advertisement pass{Version::v2, 51, 150, seconds{1}, {at("10.9.0.100")}, "s3cret"};
  const Advertisement v6{Version::v3, 61, 150, seconds{1}, {at("fe80::61"), at("fd09::100")}, ""};
  const std::string none = " 0a090064 0000000000000000";
  return {
      {"v2", v2(100), multicast, Checksum::plain, bytes("2133640100 01 705d" + none)},
      {"v2 leaving", v2(0), multicast, Checksum::plain, bytes("2133000100 01 d45d" + none)},
      {"v2 200", v2(200), multicast, Checksum::plain, bytes("2133c80100 01 0c5d" + none)},
      {"v2 password", pass, multicast, Checksum::plain, bytes("21339601 0101 0143 0a090064 7333637265740000")},
      {"v3", v3(100), multicast, Checksum::pseudo_header, bytes("31336401 0064 7561 0a090064")},
      {"v3 leaving", v3(0), multicast, Checksum::pseudo_header, bytes("31330001 0064 d961 0a090064")},
      {"v3 plain", v3(100), multicast, Checksum::plain, bytes("31336401 0064 5ffa 0a090064")},
      {"v3 IPv6", v6, link_local, Checksum::pseudo_header,
       bytes("313d9602 0064 df15 fe800000000000000000000000000061 fd090000000000000000000000000100")},
  };
}

std::string outcome(const std::string& bytes, const Envelope& envelope = multicast) {
  const auto result = decode(base::as_bytes(bytes), envelope);
  if (const auto* drop = std::get_if<Drop>(&result)) return std::string{to_string(*drop)};
  return "heard";
}

}  // namespace

TEST_CASE("advertisements have the bytes that keepalived 2.2.7 sends") {
  for (const Golden& one : golden()) {
    CAPTURE(one.what);
    CHECK(encode(one.advertisement, one.envelope, one.checksum) == one.bytes);
  }
}

TEST_CASE("what keepalived 2.2.7 sends is read") {
  for (const Golden& one : golden()) {
    CAPTURE(one.what);
    const auto heard = decode(base::as_bytes(one.bytes), one.envelope);
    REQUIRE(std::holds_alternative<Heard>(heard));
    CHECK(std::get<Heard>(heard).advertisement == one.advertisement);
    CHECK(std::get<Heard>(heard).checksum == one.checksum);
  }
}

TEST_CASE("a packet that is none is dropped with its reason") {
  const std::string good = bytes("31336401 0064 7561 0a090064");
  const auto with = [&](std::size_t offset, int value) {
    std::string changed = good;
    changed[offset] = static_cast<char>(value);
    return changed;
  };
  CHECK(outcome("") == "too short");
  CHECK(outcome(good.substr(0, 7)) == "too short");
  CHECK(outcome(good.substr(0, 11)) == "too short");  // an address is cut
  CHECK(outcome(with(3, 2)) == "too short");          // and one is missing
  CHECK(outcome(with(0, 0x11)) == "unknown version");
  CHECK(outcome(with(0, 0x41)) == "unknown version");
  CHECK(outcome(with(0, 0x32)) == "no advertisement");
  CHECK(outcome(with(5, 0)) == "interval 0");
  CHECK(outcome(with(2, 101)) == "checksum");
  CHECK(outcome(good + "x") == "too long");
  CHECK(outcome(bytes("21336401 0001 705e 0a090064 0000000000000000")) == "checksum");
  CHECK(outcome(bytes("21336401 0201 6e5d 0a090064 0000000000000000")) == "authentication");
  CHECK(outcome(bytes("213d9600 0064 0000"), link_local) == "unknown version");  // version 2 has no IPv6
}

TEST_CASE("Ethernet's padding and reserved bits do no harm") {
  const std::string good = bytes("31336401 0064 7561 0a090064");
  CHECK(outcome(good + std::string(14, '\0')) == "heard");
  CHECK(outcome(bytes("31336401 f064 8560 0a090064")) == "heard");
  CHECK(outcome(good + std::string(28, 'x')) == "too long");
}

TEST_CASE("an interval is told in hundredths of a second, and no finer") {
  Advertisement fast{Version::v3, 1, 1, milliseconds{10}, {}, ""};
  const std::string sent = encode(fast, multicast, Checksum::pseudo_header);
  CHECK(sent.substr(4, 2) == bytes("0001"));
  CHECK(std::get<Heard>(decode(base::as_bytes(sent), multicast)).advertisement == fast);
}

TEST_CASE("a packet holds 255 addresses and no more than fits") {
  CHECK(most_addresses(ipvs::Family::ipv4, 1500) == 255);
  CHECK(most_addresses(ipvs::Family::ipv6, 1500) == 87);
  CHECK(most_addresses(ipvs::Family::ipv6, 100) == 0);
}

}  // namespace packet_test
