// What the director and the process that speaks VRRP tell each other arrives as it was.
#include "core/vrrp/messages.hpp"

#include <doctest/doctest.h>

#include "base/bytes.hpp"

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;

namespace {

template <class Message>
Message sent(const Message& message) {
  const auto arrived = decode_speech(base::as_bytes(encode(Speech{message})));
  REQUIRE(arrived);
  REQUIRE(std::holds_alternative<Message>(*arrived));
  return std::get<Message>(*arrived);
}

}  // namespace

TEST_CASE("a configuration arrives with the keys of its HMAC") {
  Configured all{{{.name = "v1", .interface = "eth0", .id = 51}}};
  all.instances[0].hmac = {.mode = Hmac::Mode::permissive,
                           .keys = {{7, std::string(32, '\0')}, {1, std::string(64, 'x')}},
                           .window = milliseconds{1500}};
  CHECK(sent(all) == all);
}

TEST_CASE("statuses arrive with their counts, and lateness with its buckets") {
  Statuses all{.list = {{.name = "v1", .heard = 3, .unproven = 2, .dropped = {0, 1}}}, .gone = {"v2"}, .lateness = {}};
  all.lateness.add(milliseconds{3});
  CHECK(sent(all) == all);
}
