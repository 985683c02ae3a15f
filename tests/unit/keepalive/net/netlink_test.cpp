#include "net/netlink.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace keepalive::net::netlink {
namespace {

TEST_CASE("a message is read as it was written, nests and padding too") {
  std::array<std::uint8_t, 256> storage{};
  Writer writer{storage};
  REQUIRE(writer.message(RTM_NEWADDR, NLM_F_CREATE, 7, std::uint32_t{0x01020304}, [&] {
    writer.put(1, std::string{"eth0"});
    writer.nested(2, [&] { writer.put(3, std::uint8_t{9}); });
    writer.put(4, ipvs::Address::any(ipvs::Family::ipv6));
  }));
  CHECK(writer.bytes().size() == 16 + 4 + 12 + 12 + 20);
  int messages = 0;
  each_message(writer.bytes(), [&](const nlmsghdr& header, Bytes payload) {
    ++messages;
    CHECK(header.nlmsg_type == RTM_NEWADDR);
    CHECK(header.nlmsg_flags == (NLM_F_REQUEST | NLM_F_CREATE));
    CHECK(header.nlmsg_seq == 7);
    CHECK(take<std::uint32_t>(payload) == 0x01020304);
    const Attributes<5> its{payload};
    CHECK(its.text(1) == "eth0");
    CHECK(Attributes<4>{its.bytes(2)}.value<std::uint8_t>(3) == 9);
    CHECK(its.address(4) == ipvs::Address::any(ipvs::Family::ipv6));
    CHECK_FALSE(its.value<std::uint32_t>(3));
    CHECK_FALSE(its.value<std::uint32_t>(1));
    return true;
  });
  CHECK(messages == 1);
}

TEST_CASE("a message that has no room leaves those before it as they are") {
  std::array<std::uint8_t, 64> storage{};
  Writer writer{storage};
  const auto one = [&] {
    return writer.message(1, 0, 1, std::uint32_t{0}, [&] { writer.put(1, std::string(9, 'x')); });
  };
  CHECK(one());
  CHECK(writer.bytes().size() == 36);
  CHECK_FALSE(one());
  CHECK(writer.bytes().size() == 36);
}

TEST_CASE("what is cut anywhere is read up to there") {
  std::array<std::uint8_t, 64> storage{};
  Writer writer{storage};
  REQUIRE(writer.message(1, 0, 1, std::uint32_t{5}, [&] { writer.put(2, std::uint64_t{6}); }));
  for (std::size_t size = 0; size < writer.bytes().size(); ++size) {
    const std::vector<std::uint8_t> cut{storage.begin(), storage.begin() + static_cast<std::ptrdiff_t>(size)};
    each_message(cut, [](const nlmsghdr&, Bytes) {
      FAIL("half a message");
      return true;
    });
    Bytes rest{cut};
    take<nlmsghdr>(rest);
    take<std::uint32_t>(rest);
    CHECK_FALSE(Attributes<3>{rest}.value<std::uint64_t>(2));
  }
}

}  // namespace
}  // namespace keepalive::net::netlink
