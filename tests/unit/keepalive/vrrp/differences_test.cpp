#include "core/vrrp/differences.hpp"

#include <doctest/doctest.h>

#include "core/vrrp/router.hpp"

namespace differences_test {

using namespace keepalive::core::vrrp;
using std::chrono::seconds;

namespace {

ipvs::Address at(const char* text) { return *ipvs::Address::parse(text); }

const Instance ours{.name = "v1",
                    .interface = "eth0",
                    .id = 51,
                    .priority = 255,
                    .addresses = {{.address = at("10.0.0.100")}, {.address = at("10.0.0.101")}}};
const std::vector<ipvs::Address> list{at("10.0.0.100"), at("10.0.0.101")};

std::string told(const Advertisement& theirs) {
  std::string text;
  for (const Difference& one : differences(ours, list, theirs)) text += one.text + "\n";
  return text;
}

}  // namespace

TEST_CASE("what an advertisement says otherwise than our configuration") {
  const auto with = [](Time interval, std::uint8_t priority, std::vector<ipvs::Address> addresses) {
    return Advertisement{.id = 51, .priority = priority, .interval = interval, .addresses = std::move(addresses)};
  };
  CHECK(told(with(seconds{1}, 100, list)).empty());
  CHECK(told(with(seconds{1}, 100, {list[1], list[0]})).empty());  // the order says nothing
  CHECK(told(with(seconds{2}, 100, list)) == "it advertises every 2000 ms, we every 1000 ms\n");
  CHECK(told(with(seconds{1}, 100, {list[0]})) == "we have 10.0.0.101, which it does not\n");
  CHECK(told(with(seconds{1}, 100, {list[0], at("10.0.0.9")})) == "it has 10.0.0.9, which we do not\n");
  CHECK(told(with(seconds{1}, 255, list)) == "both have priority 255, that of the addresses' only owner\n");
  Instance six = ours;
  six.family = ipvs::Family::ipv6;
  const Advertisement global = with(seconds{1}, 100, {at("fd00::1")});
  CHECK(differences(six, {at("fd00::1")}, global).front().text == "its first address fd00::1 is not link-local");
}

TEST_CASE("RFC 9568 7.1: what differs is heard all the same, and told of once for each source") {
  Router router;
  router.step(LinkIs{"eth0", Link{.works = true}}, {});
  router.step(AddressIs{{"eth0", at("10.0.0.1")}, true}, {});
  Instance one = ours;
  one.priority = 100;
  router.step(Configured{{one}}, {});
  const auto hear = [&](const char* source) {
    const Envelope from{.source = at(source), .destination = at("224.0.0.18")};
    const Advertisement theirs{.id = 51, .priority = 200, .interval = seconds{2}, .addresses = {list[0]}};
    std::string kinds;
    for (const Action& action : router.step(Received{"eth0", from, encode(theirs, from, Checksum::plain)}, {}))
      if (const auto* news = std::get_if<News>(&action)) kinds += news->kind + ": " + news->cause + "\n";
    return kinds;
  };
  const std::string both =
      "VRRP_DIFFERS: it advertises every 2000 ms, we every 1000 ms\n"
      "VRRP_DIFFERS: we have 10.0.0.101, which it does not\n";
  CHECK(hear("10.0.0.2") == both);
  CHECK(hear("10.0.0.2").empty());
  CHECK(hear("10.0.0.3") == both);
  CHECK(router.instances().at("v1").counts.heard == 3);
}

}  // namespace differences_test
