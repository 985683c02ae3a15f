#include "net/frames.hpp"

#include <linux/if_ether.h>

#include <cerrno>
#include <string>
#include <vector>

#include "capture.hpp"
#include "fixture.hpp"

namespace keepalive::net::test {
namespace {

using namespace std::string_literals;

Frame frame_of(const std::string& bytes) { return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}; }

// Gratuitous ARP for 10.1.0.100 from 02:00:00:00:00:99, as keepalived sends it.
const std::string gratuitous =
    "\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x99\x08\x06\0\x01\x08\0\x06\x04\0\x01\x02\0\0\0\0\x99\x0a\x01\0\x64\xff\xff\xff\xff\xff\xff\x0a\x01\0\x64"s;
// RFC 5227: a probe for 10.1.0.100 has no sender's address.
const std::string probe =
    "\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x99\x08\x06\0\x01\x08\0\x06\x04\0\x01\x02\0\0\0\0\x99\0\0\0\0\0\0\0\0\0\0\x0a\x01\0\x64"s;

/// An unsolicited neighbour advertisement of fd00::64, flag Override. The checksum is nobody's business here.
std::string advertisement(const std::string& target_mac, char type = '\x88') {
  return "\x33\x33\0\0\0\x01\x02\0\0\0\0\x99\x86\xdd\x60\0\0\0\0\x20\x3a\xff"s +
         "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x64\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"s + type +
         "\0\0\0\x20\0\0\0\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x64\x02\x01"s + target_mac;
}

struct Ends {
  Hosts hosts = {};
  std::vector<Neighbour> heard = {};
  std::unique_ptr<FrameSender> sender = {};
  std::unique_ptr<NeighbourWatch> watch = {};
  Index from = 0;
  Index to = 0;

  explicit Ends(ipvs::Family family = ipvs::Family::ipv4) {
    {
      const In in{"b"};
      sender = good(FrameSender::open(hosts.io));
      from = index_of("wire");
    }
    const In in{"a"};
    to = index_of("wire");
    watch = good(NeighbourWatch::open(hosts.io, to, family, [this](const Neighbour& it) { heard.push_back(it); }));
  }

  void send(const std::vector<std::string>& frames) {
    std::vector<Frame> views;
    for (const std::string& frame : frames) views.push_back(frame_of(frame));
    CHECK(good(sender->send(from, views)) == frames.size());
  }
};

TEST_CASE("ARP of others is heard: requests and replies, no probes") {
  Ends ends;
  std::string reply = gratuitous;
  reply[21] = 2;
  reply[31] = 0x65;
  ends.send({probe, gratuitous, reply});
  ends.hosts.until([&] { return ends.heard.size() >= 2; });
  ends.hosts.settle();
  const Mac mac = {2, 0, 0, 0, 0, 0x99};
  CHECK(ends.heard ==
        std::vector<Neighbour>{{address("10.1.0.100"), mac, ends.to}, {address("10.1.0.101"), mac, ends.to}});
}

TEST_CASE("neighbour advertisements of others are heard, nothing else of IPv6") {
  Ends ends{ipvs::Family::ipv6};
  ends.send({advertisement("\x02\0\0\0\0\x77"s, '\x87'), advertisement("\x02\0\0\0\0\x77"s)});
  ends.hosts.until([&] { return !ends.heard.empty(); });
  ends.hosts.settle();
  CHECK(ends.heard == std::vector<Neighbour>{{address("fd00::64"), Mac{2, 0, 0, 0, 0, 0x77}, ends.to}});
}

TEST_CASE("the kernel's own ARP is heard by its peer, not by itself") {
  Ends ends;
  std::vector<Neighbour> own;
  std::unique_ptr<NeighbourWatch> there;
  {
    const In in{"b"};
    there = good(NeighbourWatch::open(ends.hosts.io, ends.from, ipvs::Family::ipv4,
                                      [&](const Neighbour& it) { own.push_back(it); }));
    shell("ip neighbour flush dev wire; bash -c 'echo >/dev/udp/10.1.0.1/9'");
  }
  ends.hosts.until([&] { return !ends.heard.empty(); });
  ends.hosts.settle();
  for (const Neighbour& it : ends.heard) CHECK(it == Neighbour{address("10.1.0.2"), Mac{2, 0, 0, 0, 0, 2}, ends.to});
  for (const Neighbour& it : own) CHECK(it == Neighbour{address("10.1.0.1"), Mac{2, 0, 0, 0, 0, 1}, ends.from});
}

TEST_CASE("thousands of frames leave in order, as fast as the kernel takes them") {
  Ends ends;
  const In in{"a"};
  Capture capture{"wire", ETH_P_ARP};
  std::vector<std::string> frames(2000, gratuitous);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    frames[i][30] = static_cast<char>(i >> 8U);
    frames[i][31] = static_cast<char>(i);
  }
  std::vector<Frame> views;
  for (const std::string& frame : frames) views.push_back(frame_of(frame));
  std::size_t sent = 0;
  while (sent < views.size()) {
    const auto took = good(ends.sender->send(ends.from, std::span{views}.subspan(sent)));
    sent += took;
    bool room = took > 0;
    if (!room) ends.sender->wait([&] { room = true; });
    ends.hosts.until([&] { return room; });
  }
  for (std::size_t i = 0; i < frames.size(); ++i) {
    CAPTURE(i);
    REQUIRE(capture.next() == frames[i]);
  }
}

TEST_CASE("a frame is refused with its reason") {
  Ends ends;
  const std::vector<Frame> one = {frame_of(gratuitous)};
  const std::string cut = gratuitous.substr(0, 13);
  CHECK(code(ends.sender->send(999, one)) == ENXIO);
  CHECK(code(ends.sender->send(ends.from, std::vector<Frame>{frame_of(cut)})) == EINVAL);
  shell("ip -n b link set dev wire down");
  CHECK(code(ends.sender->send(ends.from, one)) == ENETDOWN);
  const In in{"b"};
  CHECK(code(NeighbourWatch::open(ends.hosts.io, 999, ipvs::Family::ipv4, {})) == ENODEV);
}

}  // namespace
}  // namespace keepalive::net::test
