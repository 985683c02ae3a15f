#include "core/vrrp/holdings.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "host.hpp"

namespace holdings_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Want = Holdings::Want;

namespace {

constexpr std::size_t plenty = 1000;

VirtualAddress address(const std::string& text) {
  return {.address = *ipvs::Address::parse(text), .prefix = 24, .label = "eth0:vip", .scope = "global"};
}

Place place(const std::string& text) { return {"eth0", *ipvs::Address::parse(text)}; }

/// Does all there is to do; a line for each step.
std::string settle(Holdings& holdings, Time now, std::size_t most = plenty, int error = 0) {
  Actions steps;
  while (const auto order = holdings.next(now, most)) {
    steps.emplace_back(*order);
    holdings.take({*order, std::vector<int>(order->addresses.size(), error)}, now);
  }
  return text(steps);
}

/// One address, held.
Holdings held(const std::string& text) {
  Holdings holdings;
  holdings.want(place(text), address(text), Want::held);
  settle(holdings, Time{0});
  REQUIRE(holdings.holds(place(text)));
  return holdings;
}

}  // namespace

TEST_CASE("an address that is lent and taken back is on this host all the time") {
  Holdings holdings = held("10.0.0.100");
  holdings.want(place("10.0.0.100"), address("10.0.0.100"), Want::lent);
  CHECK(settle(holdings, Time{0}) == "add lo 10.0.0.100\nremove eth0 10.0.0.100\n");
  holdings.want(place("10.0.0.100"), address("10.0.0.100"), Want::held);
  CHECK(settle(holdings, Time{0}) == "add eth0 10.0.0.100\nremove lo 10.0.0.100\n");
}

TEST_CASE("what is lent stands alone on the loopback interface, and its scope is host") {
  Holdings holdings;
  holdings.want(place("10.0.0.100"), address("10.0.0.100"), Want::lent);
  const auto order = holdings.next(Time{0}, plenty);
  REQUIRE(order);
  CHECK(order->addresses ==
        std::vector{VirtualAddress{.address = *ipvs::Address::parse("10.0.0.100"), .prefix = 32, .scope = "host"}});
}

TEST_CASE("an address given up goes from both interfaces, and nothing is left of it") {
  Holdings holdings = held("10.0.0.100");
  holdings.want(place("10.0.0.100"), address("10.0.0.100"), Want::lent);
  holdings.take({*holdings.next(Time{0}, plenty), {0}}, Time{0});  // on both now
  holdings.give_up(place("10.0.0.100"));
  CHECK(settle(holdings, Time{0}) == "remove eth0 10.0.0.100\nremove lo 10.0.0.100\n");
  CHECK(holdings.empty());
}

TEST_CASE("the outcome tells which addresses are held from now on") {
  Holdings holdings;
  holdings.want(place("10.0.0.1"), address("10.0.0.1"), Want::held);
  holdings.want(place("10.0.0.2"), address("10.0.0.2"), Want::held);
  const auto order = holdings.next(Time{0}, plenty);
  CHECK(holdings.take({*order, {0, ENOBUFS}}, Time{0}) == std::vector{place("10.0.0.1")});
  CHECK(holdings.holds(place("10.0.0.1")));
  CHECK(!holdings.holds(place("10.0.0.2")));
}

TEST_CASE("what the kernel refuses is tried again a second later") {
  Holdings holdings;
  holdings.want(place("10.0.0.100"), address("10.0.0.100"), Want::held);
  CHECK(settle(holdings, Time{0}, plenty, ENOBUFS) == "add eth0 10.0.0.100\n");
  CHECK(holdings.deadline(Time{0}) == Time{seconds{1}});
  CHECK(settle(holdings, milliseconds{999}).empty());
  CHECK(settle(holdings, seconds{1}) == "add eth0 10.0.0.100\n");
  CHECK(!holdings.deadline(seconds{1}));
}

TEST_CASE("what was not come to is next") {
  Holdings holdings;
  holdings.want(place("10.0.0.1"), address("10.0.0.1"), Want::held);
  holdings.want(place("10.0.0.2"), address("10.0.0.2"), Want::held);
  CHECK(holdings.take({*holdings.next(Time{0}, plenty), {0}}, Time{0}) == std::vector{place("10.0.0.1")});
  CHECK(settle(holdings, Time{0}) == "add eth0 10.0.0.2\n");
}

TEST_CASE("a refusal because it is so already is none") {
  Holdings holdings;
  holdings.want(place("10.0.0.100"), address("10.0.0.100"), Want::held);
  CHECK(holdings.take({*holdings.next(Time{0}, plenty), {EEXIST}}, Time{0}) == std::vector{place("10.0.0.100")});
  for (const int error : {EADDRNOTAVAIL, ENODEV}) {
    Holdings leaving_it = held("10.0.0.100");
    leaving_it.give_up(place("10.0.0.100"));
    leaving_it.take({*leaving_it.next(Time{0}, plenty), {error}}, Time{0});
    CHECK(leaving_it.empty());
  }
}

TEST_CASE("an order has at most so many addresses, all for one edit of one interface") {
  Holdings holdings;
  for (int i = 1; i <= 5; ++i) {
    const std::string text = "10.0.0." + std::to_string(i);
    holdings.want(place(text), address(text), i == 3 ? Want::lent : Want::held);
  }
  CHECK(settle(holdings, Time{0}, 2) ==
        "add eth0 10.0.0.1 10.0.0.2\n"
        "add lo 10.0.0.3\n"
        "add eth0 10.0.0.4 10.0.0.5\n");
}

TEST_CASE("the next order waits for the outcome of the one under way") {
  Holdings holdings;
  holdings.want(place("10.0.0.1"), address("10.0.0.1"), Want::held);
  const auto order = holdings.next(Time{0}, plenty);
  holdings.want(place("10.0.0.2"), address("10.0.0.2"), Want::held);
  CHECK(!holdings.next(Time{0}, plenty));
  CHECK(!holdings.deadline(Time{0}));
  holdings.take({*order, {0}}, Time{0});
  CHECK(holdings.deadline(Time{0}) == Time{0});
  CHECK(settle(holdings, Time{0}) == "add eth0 10.0.0.2\n");
}

TEST_CASE("an address given up while it is being added is removed afterwards") {
  Holdings holdings;
  holdings.want(place("10.0.0.1"), address("10.0.0.1"), Want::held);
  const auto order = holdings.next(Time{0}, plenty);
  holdings.give_up(place("10.0.0.1"));
  CHECK(holdings.take({*order, {0}}, Time{0}).empty());
  CHECK(settle(holdings, Time{0}) == "remove eth0 10.0.0.1\n");
}

TEST_CASE("a predecessor's addresses are removed, wherever they are") {
  Holdings holdings;
  holdings.is(place("10.0.0.1"), true);
  holdings.is({"lo", *ipvs::Address::parse("10.0.0.2")}, true);
  for (const char* text : {"10.0.0.1", "10.0.0.2", "10.0.0.3"}) holdings.want(place(text), address(text), Want::none);
  CHECK(settle(holdings, Time{0}) == "remove eth0 10.0.0.1\nremove lo 10.0.0.2\n");
  CHECK(holdings.empty());
}

TEST_CASE("an address that somebody else removes is put back, and this is told") {
  Holdings holdings = held("10.0.0.100");
  CHECK(holdings.is(place("10.0.0.100"), false));
  CHECK(settle(holdings, Time{0}) == "add eth0 10.0.0.100\n");
  CHECK(!holdings.is(place("10.0.0.100"), true));  // that is no news
  holdings.give_up(place("10.0.0.100"));
  CHECK(!holdings.is(place("10.0.0.100"), false));  // that was wanted
}

TEST_CASE("what the interface has beside ours is known") {
  Holdings holdings = held("10.0.0.100");
  holdings.is(place("10.0.0.1"), true);
  holdings.is({"eth1", *ipvs::Address::parse("10.0.0.2")}, true);
  CHECK(holdings.others_on("eth0") == std::vector{*ipvs::Address::parse("10.0.0.1")});
}

}  // namespace holdings_test
