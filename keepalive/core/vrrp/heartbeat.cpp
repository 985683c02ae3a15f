#include "core/vrrp/heartbeat.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "core/vrrp/seal.hpp"

namespace keepalive::core::vrrp {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t magic = 0x4b414831;  // KAH1
constexpr std::size_t shortest = 42 + std::tuple_size_v<Seal>;
constexpr std::size_t longest = 16384;  // 255 virtual routers of either family are less
constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();
enum Flag : std::uint8_t { carrier = 1, hears_master = 2 };
constexpr std::uint8_t four = 4;  // families
constexpr std::uint8_t six = 6;
// RFC 1055
constexpr std::uint8_t end = 0xc0;
constexpr std::uint8_t escape = 0xdb;
constexpr std::uint8_t escaped_end = 0xdc;
constexpr std::uint8_t escaped_escape = 0xdd;

std::uint32_t in_milliseconds(Time time) {
  const auto count = std::chrono::duration_cast<milliseconds>(time).count();
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(count, 0, never - 1));
}

void write(base::ByteWriter& out, const Word& word) {
  out.u8(word.id);
  out.u8(word.source.family() == ipvs::Family::ipv4 ? four : six);
  out.u8(static_cast<std::uint8_t>(word.state));
  out.u8(word.priority);
  out.u8(static_cast<std::uint8_t>((word.carrier ? carrier : 0) | (word.hears_master ? hears_master : 0)));
  out.u32(word.witness_age ? in_milliseconds(*word.witness_age) : never);
  out.bytes(word.source.bytes());
}

template <std::size_t size>
ipvs::Address read_address(base::ByteReader& in) {
  std::array<std::uint8_t, size> copy{};
  const base::Bytes bytes = in.bytes(size);
  std::copy(bytes.begin(), bytes.end(), copy.begin());
  return ipvs::Address{copy};
}

Word read_word(base::ByteReader& in) {
  Word word{.id = in.u8()};
  const std::uint8_t family = in.u8();
  const std::uint8_t state = in.u8();
  if (state > static_cast<std::uint8_t>(State::master) || (family != four && family != six)) in.fail();
  word.state = static_cast<State>(state);
  word.priority = in.u8();
  const std::uint8_t flags = in.u8();
  word.carrier = (flags & carrier) != 0;
  word.hears_master = (flags & hears_master) != 0;
  if (const std::uint32_t age = in.u32(); age != never) word.witness_age = milliseconds{age};
  word.source = family == six ? read_address<16>(in) : read_address<4>(in);
  return word;
}

}  // namespace

std::string_view to_string(Refusal refusal) {
  constexpr std::array<std::string_view, refusals> words{"framing", "too short", "key",     "malformed",
                                                         "own",     "echo",      "replayed"};
  return words.at(static_cast<std::size_t>(refusal));
}

std::string encode(const Beat& beat, std::string_view key) {
  base::ByteWriter out;
  out.u32(magic);
  for (const std::uint64_t number : {beat.epoch, beat.echo, beat.node, beat.sequence}) out.u64(number);
  out.u32(in_milliseconds(beat.interval));
  out.u16(static_cast<std::uint16_t>(beat.words.size()));
  for (const Word& word : beat.words) write(out, word);
  std::string bytes = std::move(out).take();
  const Seal its = seal(base::as_bytes(bytes), key);
  return bytes.append(its.begin(), its.end());
}

std::variant<Beat, Refusal> decode(base::Bytes bytes, std::string_view key) {
  constexpr std::size_t seal_size = std::tuple_size_v<Seal>;
  if (bytes.size() < shortest) return Refusal::too_short;
  if (bytes.size() > longest) return Refusal::malformed;
  const base::Bytes sealed = bytes.first(bytes.size() - seal_size);
  if (!same(seal(sealed, key), bytes.last(seal_size))) return Refusal::key;
  base::ByteReader in{sealed};
  if (in.u32() != magic) return Refusal::malformed;
  Beat beat;
  for (std::uint64_t* number : {&beat.epoch, &beat.echo, &beat.node, &beat.sequence}) *number = in.u64();
  beat.interval = milliseconds{in.u32()};
  const std::uint16_t number = in.u16();
  for (std::uint16_t i = 0; in.good() && i < number; ++i) beat.words.push_back(read_word(in));
  if (!in.done() || beat.interval == Time{0} || beat.interval > longest_interval || beat.epoch == 0)
    return Refusal::malformed;
  return beat;
}

std::string framed(std::string_view datagram) {
  std::string frame(1, static_cast<char>(end));  // ends what noise may have begun
  const auto put = [&](std::uint8_t byte) { frame += static_cast<char>(byte); };
  for (const char letter : datagram) {
    const auto byte = static_cast<std::uint8_t>(letter);
    const bool marked = byte == end || byte == escape;
    if (marked) put(escape);
    put(!marked ? byte : byte == end ? escaped_end : escaped_escape);
  }
  put(end);
  return frame;
}

Deframer::Found Deframer::take(std::string_view bytes) {
  Found found;
  for (const char letter : bytes) {
    const auto byte = static_cast<std::uint8_t>(letter);
    if (byte == end) {
      if (!lost_ && !rest_.empty()) found.datagrams.push_back(rest_);
      rest_.clear();
      escaped_ = lost_ = false;
    } else if (byte == escape) {
      escaped_ = true;
    } else if (!lost_) {
      const bool was_escaped = std::exchange(escaped_, false);
      rest_ += static_cast<char>(!was_escaped ? byte : byte == escaped_end ? end : escape);
      lost_ = rest_.size() > longest;
      if (lost_) ++found.overlong;
    }
  }
  return found;
}

}  // namespace keepalive::core::vrrp
