// The trailer by itself. The golden bytes were made by Python's hmac module from draft-cassen-vrrp-auth-hmac's layout.
#include "core/vrrp/trailer.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <string>

#include "base/bytes.hpp"
#include "core/vrrp/packet.hpp"

namespace trailer_test {

using namespace keepalive::core::vrrp;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

ipvs::Address at(const char* text) { return *ipvs::Address::parse(text); }

std::string bytes(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); ++i)
    if (hex[i] != ' ') text += static_cast<char>(std::stoi(std::string{hex.substr(i++, 2)}, nullptr, 16));
  return text;
}

HmacKey counted() {
  HmacKey key{.id = 1, .secret = std::string(32, '\0')};
  std::iota(key.secret.begin(), key.secret.end(), '\0');
  return key;
}
const HmacKey plain{.id = 200, .secret = "the second key, as plain text, long enough"};
const Envelope group{.source = at("10.9.0.1"), .destination = at("224.0.0.18")};
const Envelope group6{.source = at("fe80::4074:97ff:fe60:8757"), .destination = at("ff02::12")};

constexpr Time noon = seconds{0x655f5b80};
constexpr Sequence golden_sequence = 0x655f5b80'8000'0002;
constexpr Sequence second = Sequence{1} << 32U;
constexpr Sequence tick = Sequence{1} << 16U;

struct Golden {
  const char* what;
  Advertisement advertisement;
  Envelope envelope;
  HmacKey key;
  std::string message;
  std::string trailer;
};

std::vector<Golden> golden() {
  const std::vector<ipvs::Address> one{at("10.9.0.100")};
  const Advertisement v2{Version::v2, 51, 100, seconds{1}, one, ""};
  const Advertisement v3{Version::v3, 51, 100, seconds{1}, one, ""};
  const Advertisement v6{Version::v3, 61, 150, seconds{1}, {at("fe80::61"), at("fd09::100")}, ""};
  return {
      {"v2", v2, group, counted(), bytes("21336401 0001 705d 0a090064 0000000000000000"),
       bytes("01010000 655f5b8080000002 0306bb5078f03f447dbaa1bd75cbbc70")},
      {"v3", v3, group, counted(), bytes("31336401 0064 7561 0a090064"),
       bytes("01010000 655f5b8080000002 7692bd23ab743f41dd9df27193ee6440")},
      {"v3, another key", v3, group, plain, bytes("31336401 0064 7561 0a090064"),
       bytes("01c80000 655f5b8080000002 b4ba28a170268d6c0bffe26c2a4a76ca")},
      {"IPv6: the checksum covers the trailer", v6, group6, counted(),
       bytes("313d9602 0064 49f0 fe800000000000000000000000000061 fd090000000000000000000000000100"),
       bytes("01010000 655f5b8080000002 ffe8251b08bcf0b12705ae1c49201672")},
  };
}

std::string outcome(const std::string& message, const std::string& trailer, const ipvs::Address& source,
                    const std::vector<HmacKey>& keys) {
  const auto result = verify(base::as_bytes(message), base::as_bytes(trailer), source, keys);
  if (const auto* drop = std::get_if<Drop>(&result)) return std::string{to_string(*drop)};
  return std::get<Sequence>(result) == golden_sequence ? "holds" : "another sequence";
}

std::string outcome(Senders& senders, Sequence sequence, Time clock, Time window = seconds{5},
                    const char* source = "10.0.0.2", std::size_t most = 4) {
  const auto drop = senders.take(at(source), sequence, clock, window, most);
  return drop ? std::string{to_string(*drop)} : "taken";
}

}  // namespace

TEST_CASE("signed advertisements have the bytes that another implementation computes") {
  for (const Golden& one : golden()) {
    CAPTURE(one.what);
    const Signature signature{one.key, golden_sequence};
    CHECK(encode(one.advertisement, one.envelope, Checksum::pseudo_header, signature) == one.message + one.trailer);
  }
}

TEST_CASE("they are read, and hold by the key that they name") {
  for (const Golden& one : golden()) {
    CAPTURE(one.what);
    const std::string all = one.message + one.trailer;
    const auto result = decode(base::as_bytes(all), one.envelope);
    REQUIRE(std::holds_alternative<Heard>(result));
    const Heard& heard = std::get<Heard>(result);
    CHECK(heard.advertisement == one.advertisement);
    CHECK(heard.message.size() == one.message.size());
    CHECK(heard.trailer.size() == trailer_size);
    CHECK(outcome(one.message, one.trailer, one.envelope.source, {counted(), plain}) == "holds");
  }
}

TEST_CASE("any other bit, source or key, and it does not hold; the checksum's bits do not count") {
  const Golden one = golden()[1];
  const ipvs::Address& source = one.envelope.source;
  const auto flipped = [](std::string text, std::size_t bit) {
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
    return text;
  };
  for (std::size_t bit = 0; bit < one.message.size() * 8; ++bit) {
    CAPTURE(bit);
    const bool checksum = bit / 8 == 6 || bit / 8 == 7;
    CHECK(outcome(flipped(one.message, bit), one.trailer, source, {counted()}) == (checksum ? "holds" : "wrong HMAC"));
  }
  for (std::size_t bit = 16; bit < trailer_size * 8; ++bit) {
    CAPTURE(bit);
    CHECK(outcome(one.message, flipped(one.trailer, bit), source, {counted()}) == "wrong HMAC");
  }
  CHECK(outcome(one.message, one.trailer, at("10.9.0.2"), {counted()}) == "wrong HMAC");
  HmacKey other = counted();
  other.secret.back() = 'x';
  CHECK(outcome(one.message, one.trailer, source, {other}) == "wrong HMAC");
  CHECK(outcome(one.message, one.trailer, source, {plain}) == "unknown HMAC key");
  CHECK(outcome(one.message, one.trailer.substr(0, 27), source, {counted()}) == "no HMAC");
}

TEST_CASE("behind a message stands one trailer of a type that is known, or padding, or it is too long") {
  const Golden one = golden()[1];
  const auto told = [&](const std::string& rest) {
    const std::string all = one.message + rest;
    const auto result = decode(base::as_bytes(all), one.envelope);
    if (const auto* drop = std::get_if<Drop>(&result)) return std::string{to_string(*drop)};
    return std::get<Heard>(result).trailer.empty() ? std::string{"none"} : std::string{"a trailer"};
  };
  CHECK(told(std::string(28, '\0')) == "none");
  CHECK(told(one.trailer + std::string(6, '\0')) == "a trailer");
  CHECK(told(one.trailer + "x") == "too long");
  CHECK(told(one.trailer.substr(0, 27)) == "too long");
  CHECK(told('\2' + one.trailer.substr(1)) == "too long");
}

TEST_CASE("a sequence number is the clock's: seconds, a fraction, a counter") {
  CHECK(sequence_at(noon) == 0x655f5b80'0000'0000);
  CHECK(sequence_at(noon + milliseconds{500}) == 0x655f5b80'8000'0000);
  CHECK(sequence_at(noon + microseconds{999'999}) == 0x655f5b80'ffff'0000);
  CHECK(sequence_at(seconds{0x1'0000'0001}) == second);  // 2106
}

TEST_CASE("the next number is the clock's, or one more than the last where the clock has not gone on") {
  const Sequence now = sequence_at(noon);
  CHECK(sequence_after(std::nullopt, noon, seconds{5}) == now);
  CHECK(sequence_after(now - 1, noon, seconds{5}) == now);
  CHECK(sequence_after(now, noon, seconds{5}) == now + 1);
  CHECK(sequence_after(now | 0xffff, noon, seconds{5}) == now + tick);  // the counter wraps into the fraction
  CHECK(sequence_after(now + 5 * second, noon, seconds{5}) == now + 5 * second + 1);
  CHECK(sequence_after(now + 6 * second, noon, seconds{5}) == now);                      // put back by more
  CHECK(sequence_after(now + 6 * second, noon, seconds{0}) == now + 6 * second + 1);     // only the order counts
  CHECK(sequence_after(~Sequence{0}, seconds{0xffff'ffff}, seconds{5}) == Sequence{0});  // 2106
}

TEST_CASE("each number is taken once, and only if it is later than the last of its sender") {
  Senders senders;
  const Sequence now = sequence_at(noon);
  CHECK(outcome(senders, now, noon) == "taken");
  CHECK(outcome(senders, now, noon) == "HMAC heard before");
  CHECK(outcome(senders, now - 1, noon) == "HMAC heard before");
  CHECK(outcome(senders, now - 1, noon, seconds{5}, "10.0.0.3") == "taken");
  CHECK(outcome(senders, now + 1, noon) == "taken");
  CHECK(outcome(senders, now + tick, noon) == "taken");
}

TEST_CASE("a clock that is behind or ahead by more than the window is refused, unless only the order counts") {
  const Sequence now = sequence_at(noon);
  struct Row {
    Sequence sequence;
    Time window;
    const char* outcome;
  };
  for (const Row& row : {
           Row{now - 5 * second, seconds{5}, "taken"},
           Row{now - 5 * second - 1, seconds{5}, "HMAC out of time"},
           Row{now + 5 * second, seconds{5}, "taken"},
           Row{now + 5 * second + 1, seconds{5}, "HMAC out of time"},
           Row{now - 900 * second, seconds{0}, "taken"},
           Row{now + 900 * second, seconds{0}, "taken"},
       }) {
    CAPTURE(row.sequence);
    Senders senders;
    CHECK(outcome(senders, row.sequence, noon, row.window) == row.outcome);
  }
}

TEST_CASE("a clock that is put right takes no sender's voice away") {
  Senders senders;
  const Time wrong = noon + std::chrono::hours{1};
  CHECK(outcome(senders, sequence_at(wrong), wrong) == "taken");
  CHECK(outcome(senders, sequence_at(noon), noon) == "taken");
  CHECK(outcome(senders, sequence_at(noon), noon) == "HMAC heard before");
}

TEST_CASE("numbers go on over the wrap of 2106") {
  Senders senders;
  const Time before = seconds{0xffff'ffff};
  CHECK(outcome(senders, sequence_at(before), before) == "taken");
  CHECK(outcome(senders, sequence_at(before + seconds{2}), before + seconds{2}) == "taken");
  CHECK(outcome(senders, sequence_at(before), before + seconds{2}) == "HMAC heard before");
}

TEST_CASE("of more senders than there is room for the one that was silent for longest is forgotten") {
  Senders senders;
  const Sequence now = sequence_at(noon);
  for (const char* source : {"10.0.0.2", "10.0.0.3", "10.0.0.2"}) outcome(senders, now, noon, seconds{5}, source, 2);
  CHECK(outcome(senders, now + 1, noon, seconds{5}, "10.0.0.2", 2) == "taken");
  CHECK(outcome(senders, now, noon, seconds{5}, "10.0.0.4", 2) == "taken");
  CHECK(outcome(senders, now, noon, seconds{5}, "10.0.0.2", 2) == "HMAC heard before");
  CHECK(outcome(senders, now, noon, seconds{5}, "10.0.0.3", 2) == "taken");
}

}  // namespace trailer_test
