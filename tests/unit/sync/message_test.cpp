#include "sync/message.hpp"

#include <doctest/doctest.h>

namespace message_test {

using namespace ipvs;
using namespace ipvs::sync;

namespace {

Entry ipv4() {
  return {.protocol = 6,
          .state = 1,
          .client = *Endpoint::parse("10.0.0.7:40000"),
          .virtual_endpoint = *Endpoint::parse("10.0.0.100:80"),
          .destination = *Endpoint::parse("10.0.0.11:8080"),
          .flags = 0x123,
          .fwmark = 9,
          .timeout = 900};
}

Entry ipv6() {
  Entry entry = ipv4();
  entry.client = *Endpoint::parse("[fd00::7]:40000");
  entry.virtual_endpoint = *Endpoint::parse("[fd00::100]:80");
  entry.destination = *Endpoint::parse("[fd00::11]:80");
  entry.extras = std::make_shared<const Extras>(Extras{std::array{Shift{1, 2, 3}, Shift{4, 5, 6}}, "sip", "call-17"});
  return entry;
}

Fault fault(std::string bytes) { return decode(base::as_bytes(bytes)).error(); }

using namespace std::string_literals;

// Written by hand after WIRE 5.2 and 5.3.
const std::string version_1 =
    "\x00\x33\x00\x2c\x01\x01\x00\x00"
    "\x00\x06\x00\x24\x00\x00\x01\x23\x00\x01\x9c\x40\x00\x50\x1f\x90\x00\x00\x00\x09\x00\x00\x03\x84"
    "\x0a\x00\x00\x07\x0a\x00\x00\x64\x0a\x00\x00\x0b"s;
const std::string version_0 =
    "\x01\x33\x00\x1c"
    "\x00\x06\x9c\x40\x00\x50\x1f\x90\x0a\x00\x00\x07\x0a\x00\x00\x64\x0a\x00\x00\x0b\x01\x23\x00\x01"s;

}  // namespace

TEST_CASE("version 1, one IPv4 entry: bytes and values") {
  CHECK(decode(base::as_bytes(version_1)) == Datagram{1, 51, {ipv4()}});
  CHECK(encode({ipv4()}, 51) == std::vector{version_1});
}

TEST_CASE("version 0 has neither mark nor timeout") {
  Entry entry = ipv4();
  entry.fwmark = entry.timeout = 0;
  CHECK(decode(base::as_bytes(version_0)) == Datagram{0, 51, {entry}});
}

TEST_CASE("version 0 carries moved sequence numbers behind the entry whose flags say so") {
  std::string bytes = version_0;
  bytes[3] = '\x34';
  bytes[24] = '\x02';
  for (const std::uint32_t word : {1, 2, 3, 4, 5, 6}) bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
  const auto datagram = decode(base::as_bytes(bytes));
  REQUIRE(datagram);
  REQUIRE(datagram->entries[0].extras);
  CHECK(datagram->entries[0].extras->shifts == std::array{Shift{1, 2, 3}, Shift{4, 5, 6}});
}

TEST_CASE("both families and all options survive a round trip, each entry at a multiple of 4") {
  const auto datagrams = encode({ipv6(), ipv4(), ipv6()}, 7);
  REQUIRE(datagrams.size() == 1);
  CHECK(decode(base::as_bytes(datagrams[0])) == Datagram{1, 7, {ipv6(), ipv4(), ipv6()}});
}

TEST_CASE("a datagram is never longer than asked, nor has it more than 255 entries") {
  const std::vector<Entry> many(1000, ipv4());
  const auto usual = encode(many, 1);
  CHECK(usual.size() == 25);  // 40 each: WIRE 5.3
  for (const std::string& one : usual) CHECK(one.size() <= default_max_length);
  const auto large = encode(many, 1, 60000);
  REQUIRE(large.size() == 4);
  std::size_t entries = 0;
  for (const std::string& one : large) entries += decode(base::as_bytes(one))->entries.size();
  CHECK(entries == 1000);
}

TEST_CASE("what the kernel would drop is told by name") {
  CHECK(fault("") == Fault::too_short);
  CHECK(fault(version_1.substr(0, 6)) == Fault::too_short);
  CHECK(fault("\x00\x33\x00\x08\x00\x02\x00\x00"s) == Fault::version);
  CHECK(fault("\x00\x33\x00\x08\x00\x01\x00\x01"s) == Fault::version);
  CHECK(fault(version_1 + "x") == Fault::size);
  CHECK(fault("\x00\x33\x00\x0c\x01\x01\x00\x00\x00\x06\x00\x24"s) == Fault::truncated);
  CHECK(fault("\x00\x33\x00\x0c\x01\x01\x00\x00\x00\x06\x00\x20"s) == Fault::entry);
  CHECK(fault("\x00\x33\x00\x0c\x01\x01\x00\x00\x00\x06\x10\x24"s) == Fault::entry);
  CHECK(fault("\x00\x33\x00\x0c\x01\x01\x00\x00\x02\x06\x00\x24"s) == Fault::entry);
  std::string two = version_1;
  two[4] = '\x02';
  CHECK(fault(two) == Fault::truncated);
  two[4] = '\x00';
  CHECK(fault(two) == Fault::surplus);
}

TEST_CASE("an option that is unknown is a fault, unless it says that it may be skipped") {
  std::string bytes = version_1 + "\x05\x02zz"s;
  bytes[3] = '\x30';
  bytes[11] = '\x28';
  CHECK(fault(bytes) == Fault::option);
  bytes[44] = '\x45';
  CHECK(decode(base::as_bytes(bytes)));
  bytes[45] = '\x09';
  CHECK(fault(bytes) == Fault::option);
}

}  // namespace message_test
