#include "core/vrrp/messages.hpp"

#include <doctest/doctest.h>

#include <compare>
#include <string>

#include "base/bytes.hpp"

using namespace keepalive::core::vrrp;

namespace {

ipvs::Address at(const char* text) { return *ipvs::Address::parse(text); }

}  // namespace

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
  const std::string bytes = encode(Speech{Configured{{one}}});
  const auto message = decode_speech(base::as_bytes(bytes));
  REQUIRE(message);
  CHECK(std::get<Configured>(*message) == Configured{{one}});
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
