// What the director and the process that speaks VRRP tell each other arrives as it was.
#include "core/vrrp/messages.hpp"

#include <doctest/doctest.h>

#include <compare>
#include <string>

#include "base/bytes.hpp"

namespace messages_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;

namespace {

ipvs::Address at(const char* text) { return *ipvs::Address::parse(text); }

template <class Message>
Message sent(const Message& message) {
  const auto arrived = decode_speech(base::as_bytes(encode(Speech{message})));
  REQUIRE(arrived);
  REQUIRE(std::holds_alternative<Message>(*arrived));
  return std::get<Message>(*arrived);
}

}  // namespace

TEST_CASE("a configuration arrives with the keys of its HMAC") {
  Configured all{.instances = {{.name = "v1", .interface = "eth0", .id = 51}}};
  all.instances[0].hmac = {.mode = Hmac::Mode::permissive,
                           .keys = {{7, std::string(32, '\0')}, {1, std::string(64, 'x')}},
                           .window = milliseconds{1500}};
  CHECK(sent(all) == all);
}

TEST_CASE("whether it is synced arrives") { CHECK(sent(Synced{true}) == Synced{true}); }

TEST_CASE("statuses arrive with their counts, and lateness with its buckets") {
  Statuses all{.list = {{.name = "v1", .heard = 3, .unproven = 2, .dropped = {0, 1}}}, .gone = {"v2"}, .lateness = {}};
  all.lateness.add(milliseconds{3});
  CHECK(sent(all) == all);
}

TEST_CASE("an instance arrives with all that goes with it") {
  Instance one{.name = "v1", .interface = "eth0", .id = 51};
  one.addresses = {{.address = at("10.0.0.100"), .peer = at("10.0.0.1"), .prefix_route = false},
                   {.address = at("10.0.1.100"), .prefix = 24, .broadcast = at("10.0.1.255")}};
  one.virtual_mac = "vrrp.51";
  one.routes = {{.destination = {at("10.9.0.0"), 16},
                 .kind = Route::Kind::prohibit,
                 .via = at("fe80::1"),
                 .interface = "eth1",
                 .source = at("10.0.0.100"),
                 .table = 100,
                 .metric = 10,
                 .mtu = 1400,
                 .scope = "link",
                 .onlink = true}};
  one.rules = {{.family = ipvs::Family::ipv6,
                .from = Prefix{at("fd00::"), 64},
                .to = Prefix{at("fd01::"), 64},
                .in = "eth0",
                .out = "eth1",
                .mark = 1,
                .mark_mask = 3,
                .table = 100,
                .priority = 5}};
  one.announce_on = {"eth1", "eth2"};
  one.accept = false;
  one.up_delay = std::chrono::seconds{5};
  one.down_delay = std::chrono::seconds{6};
  const Configured all{.instances = {one}};
  CHECK(sent(all) == all);
}

TEST_CASE("the launcher learns what it must take away, and what no more") {
  const Held held{.address = at("10.0.0.100"), .prefix = 32, .interface = 2, .peer = at("10.0.0.1")};
  const Holding told{.more = {held}, .undo = {"one", std::string("\0two", 4)}, .undone = {"three"}};
  const std::string bytes = encode(Guarding{told});
  const auto message = decode_guarding(base::as_bytes(bytes));
  REQUIRE(message);
  const auto& heard = std::get<Holding>(*message);
  CHECK(std::is_eq(heard.more.front() <=> held));
  CHECK(heard.undo == told.undo);
  CHECK(heard.undone == told.undone);
}

TEST_CASE("what a process leaves to its successor arrives") {
  const Held held{.address = at("10.0.0.100"), .prefix = 24, .interface = 2};
  const Estate left{.legacy = {.instances = {{"v1", {.master = true, .lifted = true, .until = milliseconds{7}}}}},
                    .held = {held},
                    .undo = {"one"}};
  const std::string bytes = encode(Guarding{left});
  const auto message = decode_guarding(base::as_bytes(bytes));
  REQUIRE(message);
  CHECK(std::get<Estate>(*message) == left);
}

}  // namespace messages_test
