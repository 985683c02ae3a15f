#include "net/vrrp_socket.hpp"

#include <linux/if_ether.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "capture.hpp"
#include "fixture.hpp"

namespace keepalive::net::test {
namespace vrrp_socket_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A datagram that outlives the call.
struct Heard {
  ipvs::Address source = {};
  ipvs::Address destination = {};
  int ttl = 0;
  Index interface = 0;
  Bytes bytes = {};

  friend bool operator==(const Heard&, const Heard&) = default;
};

using Log = std::vector<Heard>;

VrrpSocket::Heard into(Log& log) {
  return [&log](const Datagram& it) {
    log.push_back({it.source, it.destination, it.ttl, it.interface, {it.bytes.begin(), it.bytes.end()}});
  };
}

std::function<void()> before_bind = nullptr;

const Bytes advertisement = {0x31, 0x33, 0x64, 0x01, 0x00, 0x64, 0x75, 0x61, 10, 9, 0, 100};
const ipvs::Address group_v4 = address("224.0.0.18");
const ipvs::Address group_v6 = address("ff02::12");

struct Row {
  ipvs::Address source = {};
  ipvs::Address destination = {};
  std::optional<ipvs::Address> group = {};
};

std::unique_ptr<VrrpSocket> open_in(Hosts& hosts, const std::string& host, const VrrpSocket::Setting& setting,
                                    Log& log) {
  const In in{host};
  return good(VrrpSocket::open(hosts.io, setting, into(log)));
}

}  // namespace

/// The C library's, but that something may happen before a socket is bound to its device.
extern "C" int setsockopt(int fd, int level, int name, const void* value, socklen_t size) noexcept {
  if (level == SOL_SOCKET && name == SO_BINDTODEVICE)
    if (const auto act = std::exchange(before_bind, nullptr)) act();
  return static_cast<int>(::syscall(SYS_setsockopt, fd, level, name, value, size));
}

namespace {

TEST_CASE("RFC 9568 5.1: an advertisement arrives with its source, destination, TTL 255 and interface") {
  Hosts hosts;
  const std::vector<Row> rows = {
      {address("10.1.0.1"), group_v4, group_v4},
      {address("10.1.0.1"), address("10.1.0.2"), {}},
      {address("fe80::1"), group_v6, group_v6},
      {address("fe80::1"), address("fe80::2"), {}},
      {address("10.1.0.77"), group_v4, group_v4},       // not an address of the sender's
      {address("10.1.0.77"), address("10.1.0.2"), {}},  //
      {address("fe80::77"), group_v6, group_v6},        //
      {address("10.1.0.1"), address("239.1.2.3"), address("239.1.2.3")},
  };
  for (const Row& row : rows) {
    CAPTURE(row.source);
    CAPTURE(row.destination);
    const VrrpSocket::Setting setting{.interface = "wire", .family = row.source.family(), .group = row.group};
    Log in_a;
    Log in_b;
    const auto a = open_in(hosts, "a", setting, in_a);
    const auto b = open_in(hosts, "b", setting, in_b);
    CHECK(code(a->send({.source = row.source, .destination = row.destination, .bytes = advertisement})) == 0);
    hosts.until([&] { return !in_b.empty(); });
    const In in{"b"};
    CHECK(in_b == Log{{row.source, row.destination, 255, index_of("wire"), advertisement}});
    CHECK(in_a == Log{});  // its own is not heard
  }
}

TEST_CASE("an advertisement leaves as internetwork control, may be fragmented, with the TTL that was asked for") {
  Hosts hosts;
  Log log;
  const auto a = open_in(hosts, "a", {.interface = "wire", .group = group_v4}, log);
  const auto six = open_in(hosts, "a", {.interface = "wire", .family = ipvs::Family::ipv6, .group = group_v6}, log);
  const In in{"b"};
  Capture capture{"wire", ETH_P_IP};
  Capture capture_v6{"wire", ETH_P_IPV6};
  CHECK(code(a->send({address("10.1.0.1"), group_v4, 255, advertisement})) == 0);
  CHECK(code(a->send({address("10.1.0.1"), group_v4, 3, advertisement})) == 0);
  CHECK(code(six->send({address("fe80::1"), group_v6, 255, advertisement})) == 0);
  const std::string frame = capture.next();
  const std::string header = frame.substr(0, 24);
  using namespace std::string_literals;
  CHECK(header.substr(0, 18) == "\x01\x00\x5e\x00\x00\x12\x02\0\0\0\0\x01\x08\0\x45\xc0\0\x20"s);
  CHECK(frame.substr(20, 4) == "\0\0\xff\x70"s);  // no flags, TTL 255, protocol 112
  CHECK(frame.substr(26, 8) == "\x0a\x01\0\x01\xe0\0\0\x12"s);
  CHECK(capture.next().substr(22, 1) == "\x03"s);
  std::string frame_v6 = capture_v6.next();
  while (!frame_v6.empty() && frame_v6.substr(20, 1) != "\x70") frame_v6 = capture_v6.next();
  CHECK(frame_v6.substr(0, 15) == "\x33\x33\0\0\0\x12\x02\0\0\0\0\x01\x86\xdd\x6c"s);
  CHECK((frame_v6[15] & 0xf0) == 0);  // the flow label begins there
  CHECK(frame_v6.substr(18, 4) == "\0\x0c\x70\xff"s);
}

TEST_CASE("an advertisement of 255 addresses is longer than the MTU and arrives") {
  Hosts hosts;
  for (const ipvs::Address& source : {address("10.1.0.1"), address("fe80::1")}) {
    const ipvs::Address& group = source.family() == ipvs::Family::ipv4 ? group_v4 : group_v6;
    const VrrpSocket::Setting setting{.interface = "wire", .family = source.family(), .group = group};
    Log in_a;
    Log in_b;
    const auto a = open_in(hosts, "a", setting, in_a);
    const auto b = open_in(hosts, "b", setting, in_b);
    const Bytes large(8 + 255 * 16, 0x5a);
    CHECK(code(a->send({source, group, 255, large})) == 0);
    hosts.until([&] { return !in_b.empty(); });
    CHECK(in_b.front().bytes == large);
    CHECK(in_b.front().ttl == 255);
  }
}

TEST_CASE("what is longer than any advertisement comes cut, and the socket goes on") {
  Hosts hosts;
  Log in_a;
  Log in_b;
  const auto a = open_in(hosts, "a", {.interface = "wire"}, in_a);
  const auto b = open_in(hosts, "b", {.interface = "wire"}, in_b);
  CHECK(code(a->send({address("10.1.0.1"), address("10.1.0.2"), 255, Bytes(20000, 1)})) == 0);
  CHECK(code(a->send({address("10.1.0.1"), address("10.1.0.2"), 255, advertisement})) == 0);
  hosts.until([&] { return in_b.size() == 2; });
  CHECK(in_b[0].bytes.size() == 8192);
  CHECK(in_b[1].bytes == advertisement);
}

TEST_CASE("a socket hears its own interface and its own group only") {
  Hosts hosts;
  shell("ip link add other netns a type veth peer name other netns b");
  for (const char* host : {"a", "b"}) shell("ip -n " + std::string{host} + " link set dev other up");
  Log in_a;
  Log on_wire;
  Log on_other;
  Log unicast;
  const auto a = open_in(hosts, "a", {.interface = "other", .group = group_v4}, in_a);
  const auto wire = open_in(hosts, "b", {.interface = "wire", .group = group_v4}, on_wire);
  const auto other = open_in(hosts, "b", {.interface = "other", .group = group_v4}, on_other);
  const auto alone = open_in(hosts, "b", {.interface = "other"}, unicast);
  CHECK(code(a->send({address("10.1.0.1"), group_v4, 255, advertisement})) == 0);
  hosts.until([&] { return !on_other.empty(); });
  hosts.settle();
  CHECK(on_other.size() == 1);
  CHECK(on_wire.empty());
  CHECK(unicast.empty());
}

TEST_CASE("what comes in elsewhere while a socket is opened is not heard") {
  Hosts hosts;
  shell("ip link add other netns a type veth peer name other netns b");
  for (const char* host : {"a", "b"}) shell("ip -n " + std::string{host} + " link set dev other up");
  Log in_a;
  Log early;
  Log on_wire;
  const auto a = open_in(hosts, "a", {.interface = "other"}, in_a);
  const auto sees = open_in(hosts, "b", {.interface = "other", .group = group_v4}, early);
  // A raw socket hears all groups that anybody has joined until it says otherwise.
  before_bind = [&] {
    CHECK(code(a->send({address("10.1.0.1"), group_v4, 255, advertisement})) == 0);
    hosts.until([&] { return !early.empty(); });
  };
  const auto wire = open_in(hosts, "b", {.interface = "wire", .group = group_v4}, on_wire);
  before_bind = nullptr;
  CHECK(early.size() == 1);
  hosts.settle();
  CHECK(on_wire.empty());
}

TEST_CASE("RFC 9568 7.3: through a macvlan an advertisement has the virtual MAC") {
  Hosts hosts;
  shell("ip -n a link add vrrp.51 link wire address 00:00:5e:00:01:33 type macvlan mode private");
  shell("ip -n a link set dev vrrp.51 addrgenmode none up");
  Log in_a;
  Log in_b;
  for (const ipvs::Address& source : {address("10.1.0.1"), address("fe80::1")}) {
    const bool four = source.family() == ipvs::Family::ipv4;
    const ipvs::Address& group = four ? group_v4 : group_v6;
    const auto a = open_in(hosts, "a",
                           {.interface = "wire", .family = source.family(), .group = group, .output = "vrrp.51"}, in_a);
    const auto b = open_in(hosts, "b", {.interface = "wire", .family = source.family(), .group = group}, in_b);
    const In in{"b"};
    Capture capture{"wire", four ? ETH_P_IP : unsigned{ETH_P_IPV6}};
    CHECK(code(a->send({source, group, 255, advertisement})) == 0);
    using namespace std::string_literals;
    CHECK(capture.next().substr(6, 6) == "\0\0\x5e\0\x01\x33"s);
    CHECK(code(b->send({four ? address("10.1.0.2") : address("fe80::2"), group, 255, advertisement})) == 0);
    hosts.until([&] { return !in_b.empty() && !in_a.empty(); });
    CHECK(in_a.size() == 1);  // the peer's, heard below the macvlan
    in_a.clear();
    in_b.clear();
  }
}

TEST_CASE("advertisements cross an interface that belongs to a VRF") {
  Hosts hosts;
  for (const char* host : {"a", "b"}) {
    const std::string at = "ip -n " + std::string{host} + " ";
    shell(at + "link add red type vrf table 10 && " + at + "link set dev red up && " + at +
          "link set dev wire addrgenmode none master red");
    const std::string number = host == std::string{"a"} ? "1" : "2";
    shell(at + "address replace fe80::" + number + "/64 dev wire nodad");
  }
  for (const ipvs::Address& source : {address("10.1.0.1"), address("fe80::1")}) {
    CAPTURE(source);
    const bool four = source.family() == ipvs::Family::ipv4;
    for (const ipvs::Address& to : {four ? group_v4 : group_v6, address(four ? "10.1.0.2" : "fe80::2")}) {
      CAPTURE(to);
      const VrrpSocket::Setting setting{
          .interface = "wire", .family = source.family(), .group = four ? group_v4 : group_v6};
      Log in_a;
      Log in_b;
      const auto a = open_in(hosts, "a", setting, in_a);
      const auto b = open_in(hosts, "b", setting, in_b);
      CHECK(code(a->send({source, to, 255, advertisement})) == 0);
      hosts.until([&] { return !in_b.empty(); });
      const In in{"b"};
      CHECK(in_b == Log{{source, to, 255, index_of("wire"), advertisement}});
    }
  }
}

TEST_CASE("an interface that is down or gone refuses; a new socket works when it is back") {
  Hosts hosts;
  Log in_a;
  Log in_b;
  const VrrpSocket::Setting setting{.interface = "wire", .group = group_v4};
  const Advert advert{address("10.1.0.1"), group_v4, 255, advertisement};
  auto a = open_in(hosts, "a", setting, in_a);
  shell("ip -n a link set dev wire down");
  CHECK(code(a->send(advert)) == ENETUNREACH);
  shell("ip -n a link delete dev wire");
  CHECK(code(a->send(advert)) == ENODEV);
  {
    const In in{"a"};
    CHECK(code(VrrpSocket::open(hosts.io, setting, into(in_a))) == ENODEV);
  }
  shell("ip link add wire netns a type veth peer name wire netns b");
  for (const char* host : {"a", "b"}) shell("ip -n " + std::string{host} + " link set dev wire up");
  a = open_in(hosts, "a", setting, in_a);
  const auto b = open_in(hosts, "b", setting, in_b);
  CHECK(code(a->send(advert)) == 0);
  hosts.until([&] { return in_b.size() == 1; });
}

TEST_CASE("a socket may be destroyed by the handler that it calls") {
  Hosts hosts;
  Log in_a;
  const auto a = open_in(hosts, "a", {.interface = "wire", .group = group_v4}, in_a);
  std::unique_ptr<VrrpSocket> b;
  int calls = 0;
  {
    const In in{"b"};
    b = good(VrrpSocket::open(hosts.io, {.interface = "wire", .group = group_v4}, [&](const Datagram&) {
      ++calls;
      b.reset();
    }));
  }
  for (int i = 0; i < 3; ++i) CHECK(code(a->send({address("10.1.0.1"), group_v4, 255, advertisement})) == 0);
  hosts.until([&] { return calls > 0; });
  hosts.settle();
  CHECK(calls == 1);
}

}  // namespace
}  // namespace vrrp_socket_test
}  // namespace keepalive::net::test
