#include "sync/anteroom.hpp"

#include <doctest/doctest.h>

using namespace ipvs;
using namespace ipvs::sync;

namespace {

const Address peer = *Address::parse("10.0.0.2");
const Address stranger = *Address::parse("10.0.0.66");
const Address other = *Address::parse("10.0.0.67");

using Out = std::optional<Anteroom::Ticket>;

}  // namespace

TEST_CASE("as long as there are places nobody has to go") {
  Anteroom room{{peer}, 2};
  CHECK(room.come(stranger) == Anteroom::Come{1, {}});
  CHECK(room.come(stranger) == Anteroom::Come{2, {}});
  room.leave(1);
  CHECK(room.come(stranger) == Anteroom::Come{3, {}});
}

TEST_CASE("a stranger's crowd only pushes its own out") {
  Anteroom room{{}, 4};
  const auto first = room.come(other);
  for (int i = 0; i < 3; ++i) room.come(stranger);
  CHECK(room.come(stranger).out == Out{2});
  for (int i = 0; i < 100; ++i) CHECK(room.come(stranger).out != Out{first.ticket});
  CHECK(room.size() == 4);
}

TEST_CASE("a peer stays however many strangers come, each from an address of its own") {
  Anteroom room{{peer}, 64};
  const auto ours = room.come(peer);
  for (std::uint8_t i = 0; i < 255; ++i)
    for (const std::uint8_t net : std::array<std::uint8_t, 2>{1, 2})
      CHECK(room.come(Address{std::array<std::uint8_t, 4>{192, 0, net, i}}).out != Out{ours.ticket});
}

TEST_CASE("a peer pushes a stranger out, and one of its own when nobody else is there") {
  Anteroom room{{peer}, 2};
  room.come(stranger);
  room.come(peer);
  CHECK(room.come(peer).out == Out{1});
  CHECK(room.come(peer).out == Out{2});
}
