#include "net/frames.hpp"

#include <doctest/doctest.h>

#include <string>

#include "net/edits.hpp"

namespace keepalive::net {
namespace {

using namespace std::string_literals;

std::optional<Neighbour> told(const std::string& frame) {
  return neighbour_in({reinterpret_cast<const std::uint8_t*>(frame.data()), frame.size()});
}

ipvs::Address address(const char* text) { return ipvs::Address::parse(text).value(); }

const Mac sender = {2, 0, 0, 0, 0, 0x99};

const std::string arp =
    "\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x98\x08\x06\0\x01\x08\0\x06\x04\0\x01\x02\0\0\0\0\x99\x0a\x01\0\x64\xff\xff\xff\xff\xff\xff\x0a\x01\0\x64"s;

// Neighbour advertisement of fd00::64 without options; the frame is from 02:00:00:00:00:99.
const std::string bare =
    "\x33\x33\0\0\0\x01\x02\0\0\0\0\x99\x86\xdd\x60\0\0\0\0\x20\x3a\xff\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x64\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x88\0\0\0\x20\0\0\0\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x64"s;

TEST_CASE("RFC 826: requests and replies name their sender, in the packet and not in the frame") {
  CHECK(told(arp) == Neighbour{address("10.1.0.100"), sender});
  std::string reply = arp;
  reply[21] = 2;
  CHECK(told(reply) == Neighbour{address("10.1.0.100"), sender});
  CHECK(told(arp + std::string(18, '\0')) == Neighbour{address("10.1.0.100"), sender});  // padded to 60 bytes
}

TEST_CASE("ARP that is a probe (RFC 5227), of another kind, or cut says nothing") {
  for (const std::size_t place : {15, 17, 18, 19, 21}) {
    std::string other = arp;
    other[place] = 9;
    CHECK_FALSE(told(other));
  }
  CHECK_FALSE(told(std::string{arp}.replace(28, 4, 4, '\0')));
  for (std::size_t size = 0; size < arp.size(); ++size) CHECK_FALSE(told(arp.substr(0, size)));
}

TEST_CASE("RFC 4861 4.4: an advertisement's MAC stands in its option 2, else it is the frame's sender's") {
  CHECK(told(bare) == Neighbour{address("fd00::64"), sender});
  const std::string option = "\x02\x01\x02\0\0\0\0\x77"s;
  const Mac target = {2, 0, 0, 0, 0, 0x77};
  CHECK(told(bare + option) == Neighbour{address("fd00::64"), target});
  CHECK(told(bare + "\x0e\x01\0\0\0\0\0\0"s + option) == Neighbour{address("fd00::64"), target});
  CHECK(told(bare + option.substr(0, 7)) == Neighbour{address("fd00::64"), sender});
  CHECK(told(bare + "\x02\0"s + option) == Neighbour{address("fd00::64"), sender});  // of length 0: no more is read
  CHECK(told(bare + "\x02\x09"s + option) == Neighbour{address("fd00::64"), sender});
}

TEST_CASE("RFC 4861 7.1.2: what came from beyond the link, or is no advertisement, says nothing") {
  for (const std::size_t place : {14, 20, 21, 54}) {
    std::string other = bare;
    other[place] = '\x40';
    CHECK_FALSE(told(other));
  }
  for (std::size_t size = 0; size < bare.size(); ++size) CHECK_FALSE(told(bare.substr(0, size)));
}

}  // namespace

}  // namespace keepalive::net
