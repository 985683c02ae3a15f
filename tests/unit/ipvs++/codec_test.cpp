// Bytes come from captures: strace of ipvsadm 1.31 on Linux 6.1, x86-64.
#include "codec.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <random>

#include "hex.hpp"

using namespace ipvs;
using test::from_hex;

namespace {

// ipvsadm -a -t 192.0.2.1:80 -r 192.0.2.7:8080 -i --tun-type gue --tun-port 6080 --tun-csum -w 5 -x 100 -y 50, as the
// kernel tells of it, the counters changed by hand.
constexpr auto destination_answer =
    "05010000 7c010200 14000100 c0000207000000000000000000000000 06000200 00500000 08000300 02000000 08000400 05000000"
    "05000d00 01000000 06000e00 17c00000 06000f00 01000000 08000500 64000000 08000600 32000000 08000700 01000000"
    "08000800 02000000 08000900 03000000 06000b00 02000000"
    "64000a00 08000100 00000000 08000200 00000000 08000300 00000000 04000b00 0c000400 0000000000000000 04000b00"
    "0c000500 0000000000000000 08000600 00000000 08000700 00000000 08000800 00000000 08000900 00000000 08000a00 "
    "00000000"
    "a0000c00 0c000100 0700000001000000 04000b00 0c000200 0000000000000000 04000b00 0c000300 0000000000000000 04000b00"
    "0c000400 0000000000000000 04000b00 0c000500 0000000000000000 04000b00 0c000600 0000000000000000 04000b00"
    "0c000700 0000000000000000 04000b00 0c000800 0000000000000000 04000b00 0c000900 0000000000000000 04000b00"
    "0c000a00 0000000000000000";

bool decodes_service(std::string_view attributes) {
  wire::Service service;
  return codec::decode(from_hex(attributes), service);
}

}  // namespace

TEST_CASE("a destination's answer is read, padding attributes are skipped") {
  wire::Destination destination;
  REQUIRE(codec::decode_answer(from_hex(destination_answer), destination));
  CHECK(destination.addr_family == 2);
  CHECK(destination.addr == wire::Bytes16{192, 0, 2, 7});
  CHECK(destination.port == wire::Big16{80});
  CHECK(destination.fwd_method == 2);
  CHECK(destination.weight == 5);
  CHECK(destination.u_thresh == 100);
  CHECK(destination.l_thresh == 50);
  CHECK(destination.tun_type == 1);
  CHECK(destination.tun_port == wire::Big16{6080});
  CHECK(destination.tun_flags == 1);
  CHECK(destination.active_conns == 1);
  CHECK(destination.inact_conns == 2);
  CHECK(destination.persist_conns == 3);
  CHECK(destination.stats->conns == 0);
  CHECK(destination.stats64->conns == 0x1'0000'0007);
}

TEST_CASE("every cut of an answer is malformed or whole, never read beyond its end") {
  const auto whole = from_hex(destination_answer);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    wire::Destination destination;
    CAPTURE(length);
    CHECK(codec::decode_answer(cut, destination) == (length == GENL_HDRLEN));
  }
}

TEST_CASE("an attribute of wrong length is malformed") {
  CHECK(decodes_service("06000100 02000000"));
  CHECK_FALSE(decodes_service("05000100 02000000"));                                  // AF of 1 byte
  CHECK_FALSE(decodes_service("08000100 02000000"));                                  // AF of 4 bytes
  CHECK_FALSE(decodes_service("08000300 c0000201"));                                  // ADDR of 4 bytes
  CHECK_FALSE(decodes_service("0c000900 ffffffff ffffffff"));                         // NETMASK of 8 bytes
  CHECK_FALSE(decodes_service("08000700 00000000"));                                  // FLAGS without mask
  CHECK_FALSE(decodes_service("14000600 61616161616161616161616161616161"));          // 16 letters, no NUL
  CHECK_FALSE(decodes_service("18000600 6161616161616161616161616161610000000000"));  // name of 20 bytes
  CHECK_FALSE(decodes_service("0a000a00 06000100 00000000"));                         // nested: CONNS of 2 bytes
  CHECK_FALSE(decodes_service("03000100 02000000"));                                  // shorter than its header
  CHECK_FALSE(decodes_service("00000000"));                                           // would never advance
  CHECK_FALSE(decodes_service("06000100 02000000 0600"));                             // a cut header
}

TEST_CASE("names end at their NUL, or where the attribute ends") {
  const auto name = [](std::string_view attribute) {
    wire::Service service;
    CHECK(codec::decode(from_hex(attribute), service));
    return std::string{service.sched_name.value().view()};
  };
  CHECK(name("07000600 72720000") == "rr");
  CHECK(name("06000600 72720000") == "rr");
  CHECK(name("09000600 7272007878000000") == "rr");
  CHECK(name("04000600").empty());
  CHECK(name("14000600 61616161616161616161616161616100") == std::string(15, 'a'));
}

TEST_CASE("unknown attributes are skipped, of repeated ones the last counts") {
  wire::Service service;
  REQUIRE(codec::decode(from_hex("05006300 ff000000 06000100 02000000 06000100 0a000000"), service));
  CHECK(service == wire::Service{.af = 10});
}

TEST_CASE("messages of a datagram are visited in order; a bad length ends the walk") {
  codec::Writer writer;
  writer.message(28, NLM_F_ACK, 7, {1, 1, 0}, [] {});
  writer.message(28, 0, 8, {2, 1, 0}, [&] { codec::encode(writer, wire::Config{.timeout_tcp = 900}); });
  CHECK(test::to_hex(writer.bytes()) ==
        "14000000"
        "1c000500"
        "07000000"
        "00000000"
        "01010000"
        "1c000000"
        "1c000100"
        "08000000"
        "00000000"
        "02010000"
        "08000400"
        "84030000");

  std::vector<std::uint32_t> sequences;
  const auto visit = [&](const nlmsghdr& header, codec::Bytes) {
    sequences.push_back(header.nlmsg_seq);
    return true;
  };
  CHECK(codec::each_message(writer.bytes(), visit));
  CHECK(sequences == std::vector<std::uint32_t>{7, 8});
  CHECK_FALSE(codec::each_message(writer.bytes().first(40), visit));
  CHECK_FALSE(codec::each_message(from_hex("0f000000 1c000500 07000000 00000000"), visit));
}

TEST_CASE("the error of an answer is positive; nonsense is EBADMSG") {
  CHECK(codec::error_code(from_hex("00000000")) == 0);
  CHECK(codec::error_code(from_hex("fdffffff")) == ESRCH);
  CHECK(codec::error_code(from_hex("01000000")) == EBADMSG);
  CHECK(codec::error_code(from_hex("fdff")) == EBADMSG);
  CHECK(codec::error_code(from_hex("00000080")) == EBADMSG);  // cannot be negated: found by the fuzzer
}

TEST_CASE("random bytes never read beyond their end (run under the sanitizers)") {
  std::mt19937 random{7};
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::uint8_t> bytes(random() % 64);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : random() % 16);
    wire::Service service;
    wire::Destination destination;
    wire::Daemon daemon;
    (void)codec::decode_answer(bytes, service);
    (void)codec::decode_answer(bytes, destination);
    (void)codec::decode_answer(bytes, daemon);
  }
}
