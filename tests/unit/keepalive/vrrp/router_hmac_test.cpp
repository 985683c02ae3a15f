// Two routers of one virtual router and what they make of each other's HMAC.
#include <doctest/doctest.h>

#include <string>

#include "base/bytes.hpp"
#include "core/vrrp/router.hpp"

namespace router_hmac_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

using Mode = Hmac::Mode;

constexpr Time noon = seconds{1'700'000'000};

ipvs::Address at(const std::string& text) { return *ipvs::Address::parse(text); }

HmacKey key(std::uint8_t id) { return {id, std::string(32, static_cast<char>('a' + id))}; }

Instance instance(Mode mode, std::vector<HmacKey> keys, std::uint8_t priority = 100) {
  Instance one{.name = "v1", .interface = "eth0", .id = 51, .priority = priority};
  one.addresses = {{.address = at("10.0.0.100"), .prefix = 24}};
  one.hmac = {.mode = mode, .keys = std::move(keys)};
  return one;
}

/// A router whose clock shows `clock` at 0.
struct Node {
  explicit Node(const Instance& one, const std::string& source = "10.0.0.1", Time clock = noon) : boot{clock} {
    step(LinkIs{"eth0", Link{.mac = {2, 0, 0, 0, 0, 1}, .works = true}}, {});
    step(AddressIs{{"eth0", at(source)}, true}, {});
    started = step(Configured{{one}}, {});
  }

  Actions step(const Event& event, Time now) { return router.step(event, now, boot); }
  /// What became of a packet of the other's.
  std::string hears(const Transmit& packet, Time now) {
    const Counts before = counts();
    step(Received{"eth0", packet.envelope, packet.bytes}, now);
    for (std::size_t i = 0; i < drops; ++i)
      if (counts().dropped[i] != before.dropped[i]) return std::string{to_string(static_cast<Drop>(i))};
    return counts().heard == before.heard ? "nothing" : counts().unproven == before.unproven ? "heard" : "unproven";
  }
  const Counts& counts() const { return router.instances().at("v1").counts; }

  Time boot;
  Router router = {};
  Actions started = {};
};

const Transmit& sent(const Actions& actions) {
  for (const Action& action : actions)
    if (const auto* one = std::get_if<Transmit>(&action)) return *one;
  FAIL("nothing is sent");
  return std::get<Transmit>(actions.front());
}

/// The first advertisement of a router that is master from its start.
Transmit advert(Mode mode, std::vector<HmacKey> keys, Time clock = noon) {
  return sent(Node{instance(mode, std::move(keys), 255), "10.0.0.2", clock}.started);
}

}  // namespace

TEST_CASE("each mode: what it sends and what it hears") {
  struct Row {
    Mode ours;
    const char* of_none;  // what becomes of an advertisement without a trailer
    const char* of_ours;
    const char* of_wrong;
    bool signs;
  };
  const Transmit bare = advert(Mode::none, {});
  const Transmit good = advert(Mode::enforce, {key(1)});
  HmacKey other = key(2);
  other.id = 1;
  const Transmit wrong = advert(Mode::enforce, {other});
  for (const Row& row : {
           Row{Mode::none, "heard", "heard", "heard", false},
           Row{Mode::receive, "unproven", "heard", "wrong HMAC", false},
           Row{Mode::permissive, "unproven", "heard", "wrong HMAC", true},
           Row{Mode::enforce, "no HMAC", "heard", "wrong HMAC", true},
       }) {
    CAPTURE(static_cast<int>(row.ours));
    const std::vector<HmacKey> keys = row.ours == Mode::none ? std::vector<HmacKey>{} : std::vector{key(1)};
    const auto backup = [&] { return Node{instance(row.ours, keys)}; };
    CHECK(backup().hears(bare, seconds{1}) == row.of_none);
    CHECK(backup().hears(good, seconds{1}) == row.of_ours);
    CHECK(backup().hears(wrong, seconds{1}) == row.of_wrong);
    CHECK((advert(row.ours, keys).bytes.size() == bare.bytes.size() + trailer_size) == row.signs);
  }
}

TEST_CASE("a key is changed without a word lost: the new one is known first, then signs, then the old one goes") {
  const std::vector<std::vector<HmacKey>> stages{{key(1)}, {key(1), key(2)}, {key(2), key(1)}, {key(2)}};
  for (std::size_t stage = 0; stage + 1 < stages.size(); ++stage)
    for (const auto& [ours, theirs] : {std::pair{stage, stage + 1}, std::pair{stage + 1, stage}}) {
      CAPTURE(stage);
      Node one{instance(Mode::enforce, stages[ours])};
      CHECK(one.hears(advert(Mode::enforce, stages[theirs]), seconds{1}) == "heard");
    }
  Node one{instance(Mode::enforce, {key(1)})};
  CHECK(one.hears(advert(Mode::enforce, {key(2)}), seconds{1}) == "unknown HMAC key");
}

TEST_CASE("an advertisement is heard once, and only while it is fresh") {
  const Transmit packet = advert(Mode::enforce, {key(1)});
  Node one{instance(Mode::enforce, {key(1)})};
  CHECK(one.hears(packet, seconds{1}) == "heard");
  CHECK(one.hears(packet, seconds{1}) == "HMAC heard before");
  Node late{instance(Mode::enforce, {key(1)})};
  CHECK(late.hears(packet, seconds{6}) == "HMAC out of time");
  Node fast{instance(Mode::enforce, {key(1)}), "10.0.0.1", noon + seconds{10}};
  CHECK(fast.hears(packet, {}) == "HMAC out of time");
  Instance ordered = instance(Mode::enforce, {key(1)});
  ordered.hmac.window = Time{0};
  Node any{ordered};
  CHECK(any.hears(packet, seconds{600}) == "heard");
  CHECK(any.hears(packet, seconds{600}) == "HMAC heard before");
}

TEST_CASE("whoever plays a master's farewell again ends nobody's mastership") {
  Node master{instance(Mode::enforce, {key(1)}, 255), "10.0.0.2"};
  const Transmit farewell = sent(master.step(Stop{}, seconds{1}));
  Node one{instance(Mode::enforce, {key(1)})};
  CHECK(one.hears(farewell, seconds{1}) == "heard");
  const auto due = one.router.deadline();
  CHECK(one.hears(farewell, seconds{2}) == "HMAC heard before");
  CHECK(one.router.deadline() == due);
}

TEST_CASE("all that is sent in one moment has numbers of its own, also to several peers") {
  Instance unicast = instance(Mode::enforce, {key(1)}, 255);
  unicast.peers = {{.address = at("10.0.0.1")}, {.address = at("10.0.0.3")}};
  Node master{unicast, "10.0.0.2"};
  const auto& first = std::get<Transmit>(master.started[0]);
  const auto& second = std::get<Transmit>(master.started[1]);
  CHECK(first.bytes.substr(0, 20) == second.bytes.substr(0, 20).replace(6, 2, first.bytes.substr(6, 2)));
  CHECK(first.bytes != second.bytes);
  Instance ours = instance(Mode::enforce, {key(1)});
  ours.peers = {{.address = at("10.0.0.2")}};
  Node one{ours};
  CHECK(one.hears(first, seconds{1}) == "heard");
  CHECK(one.hears(sent(master.step(Stop{}, {})), seconds{1}) == "heard");
}

TEST_CASE("version 2 and IPv6 are signed as well") {
  Instance old = instance(Mode::enforce, {key(1)}, 255);
  old.version = Version::v2;
  Instance backup = old;
  backup.priority = 100;
  Node one{backup};
  CHECK(one.hears(sent(Node{old, "10.0.0.2"}.started), seconds{1}) == "heard");

  Instance six = instance(Mode::enforce, {key(1)}, 255);
  six.family = ipvs::Family::ipv6;
  six.addresses = {{.address = at("fe80::100"), .prefix = 64}};
  backup = six;
  backup.priority = 100;
  Node other{backup, "fe80::1"};
  CHECK(other.hears(sent(Node{six, "fe80::2"}.started), seconds{1}) == "heard");
}

TEST_CASE("what is not proven is told of once") {
  Node one{instance(Mode::enforce, {key(1)})};
  const Transmit bare = advert(Mode::none, {});
  const Received packet{"eth0", bare.envelope, bare.bytes};
  const Actions told = one.step(packet, seconds{1});
  REQUIRE(told.size() == 1);
  const auto& news = std::get<News>(told.front());
  CHECK(news.kind == "VRRP_IGNORED");
  CHECK(news.cause == "no HMAC");
  CHECK(one.step(packet, seconds{1}).empty());
}

}  // namespace router_hmac_test
