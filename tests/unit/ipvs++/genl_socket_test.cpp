// Generic netlink itself: every Linux kernel has it, IPVS or not.
#include "genl_socket.hpp"

#include <doctest/doctest.h>

using namespace ipvs;

namespace {

constexpr std::uint16_t no_such_family = 0x7fff;

/// Requests that are all refused.
Outcome<std::size_t> refusals(GenlSocket& socket, std::size_t count) {
  codec::Writer writer;
  const std::uint32_t first = socket.sequence(count);
  for (std::size_t i = 0; i < count; ++i) {
    writer.message(no_such_family, NLM_F_ACK, first + static_cast<std::uint32_t>(i), {1, 1, 0}, [] {});
  }
  std::size_t seen = 0;
  const auto outcome =
      socket.exchange(writer.bytes(), first, count, [&](const nlmsghdr&, codec::Bytes payload) -> Outcome<bool> {
        if (codec::error_code(payload) != ENOENT) return tl::unexpected(EPROTO);
        return ++seen == count;
      });
  return outcome.map([&] { return seen; });
}

}  // namespace

TEST_CASE("a family has a number, or is not there") {
  auto socket = GenlSocket::open();
  REQUIRE(socket);
  CHECK(find_family(*socket, "nlctrl") == GENL_ID_CTRL);
  CHECK(find_family(*socket, "nonesuch") == tl::unexpected(ENOENT));
}

TEST_CASE("lost answers are ENOBUFS, never a hang, and the socket can go on") {
  auto socket = GenlSocket::open();
  CHECK(refusals(*socket, 3000) == tl::unexpected(ENOBUFS));
  CHECK(refusals(*socket, 10) == 10);
  CHECK(find_family(*socket, "nlctrl") == GENL_ID_CTRL);
}

TEST_CASE("as many refusals as make_room() says fit") {
  auto socket = GenlSocket::open();
  const std::size_t room = socket->make_room();
  CHECK(room >= 64);
  CHECK(refusals(*socket, std::min<std::size_t>(room, 3000)) == std::min<std::size_t>(room, 3000));
}

TEST_CASE("a request without an answer is EINTR at once") {
  auto socket = GenlSocket::open();
  codec::Writer writer;
  const std::uint32_t first = socket->sequence();
  writer.message(NLMSG_NOOP, 0, first, {}, [] {});
  const auto outcome = socket->exchange(writer.bytes(), first, 1, [](auto&, auto) { return Outcome<bool>{true}; });
  CHECK(outcome == tl::unexpected(EINTR));
}

TEST_CASE("answers that nobody waited for do no harm to the next request") {
  auto socket = GenlSocket::open();
  codec::Writer writer;
  const std::uint32_t first = socket->sequence(50);
  for (std::uint32_t i = 0; i < 50; ++i) writer.message(no_such_family, NLM_F_ACK, first + i, {1, 1, 0}, [] {});
  const auto outcome = socket->exchange(writer.bytes(), first, 50, [](auto&, auto) { return Outcome<bool>{true}; });
  CHECK(outcome);
  CHECK(find_family(*socket, "nlctrl") == GENL_ID_CTRL);
}
