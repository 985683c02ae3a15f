#include <cerrno>
#include <chrono>
#include <string>
#include <tuple>
#include <vector>

#include "fixture.hpp"
#include "net/edits.hpp"
#include "net/guard.hpp"

namespace keepalive::net::test {
namespace {

using namespace std::chrono_literals;

constexpr Budget slice = 2ms;
constexpr Budget any_time = 1h;

std::vector<HeldAddress> many(std::size_t count, ipvs::Family family, Index interface) {
  std::vector<HeldAddress> all;
  for (std::size_t i = 0; i < count; ++i) {
    const auto high = static_cast<std::uint8_t>(i >> 8U);
    const auto low = static_cast<std::uint8_t>(i);
    if (family == ipvs::Family::ipv4)
      all.push_back({ipvs::Address{std::array<std::uint8_t, 4>{10, 7, high, low}}, 32, interface});
    else
      all.push_back(
          {ipvs::Address{std::array<std::uint8_t, 16>{0xfd, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, high, low}}, 128,
           interface});
  }
  return all;
}

std::vector<InterfaceAddress> plain(const std::vector<HeldAddress>& held) {
  std::vector<InterfaceAddress> all(held.size());
  for (std::size_t i = 0; i < held.size(); ++i) all[i].held = held[i];
  return all;
}

std::string shown() { return output("ip -o address show dev wire | grep -c '10[.]7[.]\\|fd00:'"); }

/// The whole in slices; how many there were, and how long it took.
template <class Edit, class T>
std::string in_slices(const std::vector<T>& all, Edit edit) {
  const auto start = std::chrono::steady_clock::now();
  std::size_t slices = 0;
  for (std::size_t done = 0; done < all.size(); ++slices) {
    const Answers answers = edit(std::span{all}.subspan(done));
    REQUIRE(answers == Answers(answers.size(), 0));
    REQUIRE(answers.size() >= std::min<std::size_t>(16, all.size() - done));
    done += answers.size();
  }
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  return std::to_string(slices) + " slices, " + std::to_string(ms.count()) + " ms";
}

TEST_CASE("16,000 addresses come, and go, in slices") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  // Of one subnet, and few of IPv6: else the kernel takes a minute on a busy machine.
  for (const auto& [family, prefix, count] :
       {std::tuple{ipvs::Family::ipv4, 16, 16000U}, std::tuple{ipvs::Family::ipv6, 128, 1000U}}) {
    auto held = many(count, family, index_of("wire"));
    for (HeldAddress& one : held) one.prefix = static_cast<std::uint8_t>(prefix);
    const auto wanted = plain(held);
    MESSAGE("added in " << in_slices(wanted, [&](auto some) { return edits.add(some, slice); }));
    CHECK(shown() == std::to_string(count));
    MESSAGE("removed in " << in_slices(held, [&](auto some) { return edits.remove(some, slice); }));
    CHECK(shown() == "0");
  }
}

TEST_CASE("the guard removes what is held, and reports what it cannot") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  std::vector<HeldAddress> held = many(300, ipvs::Family::ipv4, index_of("wire"));
  const std::vector<HeldAddress> six = many(300, ipvs::Family::ipv6, index_of("wire"));
  held.insert(held.end(), six.begin(), six.end());
  for (const int answer : edits.add(plain(held), any_time)) REQUIRE(answer == 0);
  CHECK(shown() == "600");
  held.push_back({address("10.7.99.99"), 32, index_of("wire")});  // not there
  held.push_back({address("10.7.99.99"), 32, 999});               // no such interface
  CHECK(remove_now(held) == 0);
  CHECK(shown() == "0");
  held.front().prefix = 77;
  CHECK(remove_now(std::span{held}.first(1)) == 0);
  CHECK(output("ip -o -4 address show dev wire") != "");  // its own stays
}

TEST_CASE("each address has its own answer, in order") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  std::vector<HeldAddress> held = many(300, ipvs::Family::ipv4, index_of("wire"));
  held[7].interface = 999;
  held[200].prefix = 33;
  Answers expected(held.size(), 0);
  expected[7] = ENODEV;
  expected[200] = EINVAL;
  CHECK(edits.add(plain(held), any_time) == expected);
  CHECK(shown() == "298");
  expected[7] = 0;
  expected[200] = 0;
  CHECK(edits.remove(held, any_time) == expected);
  CHECK(edits.remove(held, any_time) == expected);
}

TEST_CASE("an address has prefix, peer, label, scope, broadcast and lifetime as asked for") {
  Hosts hosts;
  const In in{"a"};
  Edits edits = good(Edits::open());
  const Index wire = index_of("wire");
  const std::vector<InterfaceAddress> all = {
      {.held = {address("10.7.0.1"), 24, wire}, .label = "wire:v1", .broadcast = address("10.7.0.255")},
      {.held = {address("10.7.1.1"), 32, wire, address("10.7.1.2")}, .scope = scope::link},
      {.held = {address("10.7.2.1"), 24, wire}, .deprecated = true, .no_prefix_route = true},
      {.held = {address("fd00:0:0:7::1"), 64, wire}, .no_prefix_route = true},
      {.held = {address("fd00:0:0:7::2"), 128, wire}, .deprecated = true},
  };
  CHECK(edits.add(all, any_time) == Answers(all.size(), 0));
  const std::string shown_now =
      output("ip -o address show dev wire | grep '10[.]7\\|fd00' | sed 's/^[0-9]*: wire *//; s/\\\\.*//; s/ *$//'");
  CHECK(shown_now ==
        "inet 10.7.1.1 peer 10.7.1.2/32 scope link wire\n"
        "inet 10.7.0.1/24 brd 10.7.0.255 scope global wire:v1\n"
        "inet 10.7.2.1/24 scope global deprecated noprefixroute wire\n"
        "inet6 fd00:0:0:7::2/128 scope global nodad deprecated\n"
        "inet6 fd00:0:0:7::1/64 scope global nodad noprefixroute");
  std::vector<HeldAddress> held;
  for (const InterfaceAddress& one : all) held.push_back(one.held);
  CHECK(remove_now(held) == 0);
  CHECK(shown() == "0");
}

}  // namespace
}  // namespace keepalive::net::test
