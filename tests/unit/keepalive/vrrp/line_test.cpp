// What goes over a heartbeat line, and whom a line believes.
#include "core/vrrp/line.hpp"

#include <doctest/doctest.h>

#include <charconv>

namespace line_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const std::string key = "0123456789abcdef0123456789abcdef";

ipvs::Address at(const std::string& text) { return *ipvs::Address::parse(text); }

std::string from_hex(std::string_view text) {
  constexpr int base = 16;
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    std::uint8_t byte = 0;
    std::from_chars(text.data() + i, text.data() + i + 2, byte, base);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

/// Made by Python's struct and hmac.
const std::string golden = from_hex(
    "4b41483101020304050607080000000000000009000000000000000a000000000000000b000000640002330403c80100"
    "0000fa0a0000013406016402fffffffffe800000000000000000000000000001b1013765c37c5f0e9f2c66563d5e7f12"
    "9c112b29304631ee40164ed3eeabec74");

const Beat beat{
    .epoch = 0x0102030405060708,
    .echo = 9,
    .node = 10,
    .sequence = 11,
    .interval = milliseconds{100},
    .words = {{.id = 51,
               .state = State::master,
               .priority = 200,
               .carrier = true,
               .witness_age = milliseconds{250},
               .source = at("10.0.0.1")},
              {.id = 52, .state = State::fault, .priority = 100, .hears_master = true, .source = at("fe80::1")}}};

std::string refused(const std::string& bytes, std::string_view by = key) {
  const auto result = decode(base::as_bytes(bytes), by);
  const auto* why = std::get_if<Refusal>(&result);
  return why == nullptr ? "taken" : std::string{to_string(*why)};
}

/// One end, and what it says next.
struct End {
  explicit End(std::uint64_t epoch, std::uint64_t its_node, Heartbeat::Kind kind = Heartbeat::Kind::udp)
      : line{{.name = "x", .kind = kind, .speed = 9600, .key = key}, epoch, Time{0}}, node{its_node} {}

  std::vector<std::string> say(Time now) {
    const auto list = line.speak({.node = node, .sequence = sequence + 1}, milliseconds{100}, now);
    sequence += list.size();
    return list;
  }
  /// Whether anything of it was believed.
  bool hear(const std::vector<std::string>& list, Time now) {
    bool believed = false;
    for (const std::string& one : list) believed |= !line.hear(one, node, now).empty();
    return believed;
  }
  std::uint64_t count(Refusal why) const { return line.counts().refused.at(static_cast<std::size_t>(why)); }

  Line line;
  std::uint64_t node;
  std::uint64_t sequence = 0;
};

/// Until both believe each other.
void meet(End& one, End& other, Time now = Time{0}) {
  for (int i = 0; i < 3; ++i) {
    other.hear(one.say(now), now);
    one.hear(other.say(now), now);
  }
  REQUIRE(one.line.up());
  REQUIRE(other.line.up());
}

}  // namespace

TEST_CASE("a beat has these bytes") {
  CHECK(encode(beat, key) == golden);
  CHECK(std::get<Beat>(decode(base::as_bytes(golden), key)) == beat);
}

TEST_CASE("bytes that were cut, changed, made longer or sealed by another key are not taken") {
  CHECK(refused(golden) == "taken");
  for (std::size_t size = 0; size < golden.size(); ++size) CHECK(refused(golden.substr(0, size)) != "taken");
  for (std::size_t i = 0; i < golden.size(); ++i) {
    std::string other = golden;
    other[i] = static_cast<char>(other[i] ^ 1);
    CHECK(refused(other) == "key");
  }
  CHECK(refused(golden + "x") == "key");
  CHECK(refused(golden, "another key of thirty-two letters") == "key");
}

TEST_CASE("what our key seals but nobody of us writes is malformed") {
  const auto with = [](void (*change)(Beat&)) {
    Beat other = beat;
    change(other);
    return encode(other, key);
  };
  CHECK(refused(with([](Beat& one) { one.interval = Time{0}; })) == "malformed");
  CHECK(refused(with([](Beat& one) { one.interval = longest_interval + milliseconds{1}; })) == "malformed");
  CHECK(refused(with([](Beat& one) { one.epoch = 0; })) == "malformed");
  CHECK(refused(with([](Beat& one) { one.words[0].state = static_cast<State>(4); })) == "malformed");
  CHECK(refused(encode({.epoch = 1, .interval = seconds{1}, .words = std::vector<Word>(2000)}, key)) == "malformed");
}

TEST_CASE("a serial line's datagrams are found in pieces of any size, among noise") {
  const std::string noise = "login: \xdb";
  const std::string stream = noise + framed(golden) + framed("\xc0\xdb") + framed(golden);
  for (std::size_t piece = 1; piece < stream.size(); piece += 7) {
    Deframer deframer;
    std::vector<std::string> found;
    for (std::size_t from = 0; from < stream.size(); from += piece)
      for (const std::string& one : deframer.take(stream.substr(from, piece)).datagrams) found.push_back(one);
    REQUIRE(found.size() == 4);
    CHECK(found[1] == golden);
    CHECK(found[2] == "\xc0\xdb");
    CHECK(found[3] == golden);
  }
}

TEST_CASE("without a mark a serial line's bytes are not kept for ever") {
  Deframer deframer;
  std::size_t overlong = 0;
  for (int i = 0; i < 100; ++i) overlong += deframer.take(std::string(1000, 'x')).overlong;
  CHECK(overlong == 1);
  CHECK(deframer.take(framed(golden)).datagrams == std::vector<std::string>{golden});
}

TEST_CASE("two ends believe each other once each has said the other's epoch") {
  End one{1, 11};
  End other{2, 12};
  CHECK_FALSE(other.hear(one.say({}), {}));  // the first word says no epoch
  CHECK(other.count(Refusal::echo) == 1);
  CHECK(one.hear(other.say({}), {}));
  CHECK(one.line.up());
  CHECK(other.hear(one.say({}), {}));
  CHECK(other.line.up());
}

TEST_CASE("a word is taken once, and none that is older than the last") {
  End one{1, 11};
  End other{2, 12};
  meet(one, other);
  const auto first = one.say({});
  const auto second = one.say({});
  CHECK(other.hear(second, {}));
  CHECK_FALSE(other.hear(second, {}));
  CHECK_FALSE(other.hear(first, {}));
  CHECK(other.count(Refusal::replayed) == 2);
}

TEST_CASE("a peer that starts anew is believed, and what it said before never again") {
  End one{1, 11};
  End other{2, 12};
  meet(one, other);
  const auto before = other.say({});
  End again{3, 13};
  meet(one, again);
  CHECK_FALSE(one.hear(before, {}));
  CHECK(one.count(Refusal::replayed) == 1);
  CHECK(one.hear(again.say({}), {}));
}

TEST_CASE("after our own start nothing of before is believed, and whoever replays it keeps nobody away") {
  End one{1, 11};
  End other{2, 12};
  meet(one, other);
  const auto recorded = other.say({});
  End anew{4, 14};
  CHECK_FALSE(anew.hear(recorded, {}));
  for (int i = 0; i < 4; ++i) {
    other.hear(anew.say({}), {});
    CHECK_FALSE(anew.hear(recorded, {}));
    anew.hear(other.say({}), {});
  }
  CHECK(anew.line.up());
  CHECK(other.hear(anew.say({}), {}));
}

TEST_CASE("our own words are not another's, whatever is done to bring them back") {
  End one{1, 11};
  for (int i = 0; i < 3; ++i) CHECK_FALSE(one.hear(one.say({}), {}));
  CHECK(one.count(Refusal::own) == 3);
  CHECK_FALSE(one.line.up());
}

TEST_CASE("a word of one line is worth nothing on another") {
  End one{1, 11};
  End other{2, 12};
  End second{5, 11};  // the same director's other line
  meet(one, other);
  CHECK_FALSE(second.hear(other.say({}), {}));
  CHECK(second.count(Refusal::echo) == 1);
}

TEST_CASE("three intervals that the other end told make silence") {
  End one{1, 11};
  End other{2, 12};
  meet(one, other, seconds{1});
  CHECK_FALSE(one.line.falls_silent(seconds{1} + milliseconds{299}));
  CHECK(one.line.falls_silent(seconds{1} + milliseconds{300}));
  CHECK_FALSE(one.line.falls_silent(seconds{2}));  // it is already
  CHECK(one.line.since() == seconds{1} + milliseconds{300});
}

TEST_CASE("on a serial line nobody speaks longer than a third of the time, nor before the last word is out") {
  End one{1, 11, Heartbeat::Kind::tty};
  const Time wire{std::chrono::microseconds{static_cast<std::int64_t>(one.say({}).front().size()) * 10'000'000 / 9600}};
  CHECK(one.line.due() >= 3 * wire);
  CHECK(one.line.due() < 3 * wire + milliseconds{20});
  one.line.hurry(milliseconds{1});
  CHECK(one.line.due() == wire);
}

}  // namespace line_test
