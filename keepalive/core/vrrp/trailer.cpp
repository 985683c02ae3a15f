#include "core/vrrp/trailer.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "core/vrrp/seal.hpp"

namespace keepalive::core::vrrp {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t hmac_sha256 = 1;  // the type
constexpr std::size_t code_size = 16;
constexpr std::size_t signed_size = trailer_size - code_size;
constexpr std::size_t checksum_at = 6;
constexpr unsigned fraction_bits = 16;
constexpr unsigned counter_bits = 16;

using Code = std::array<std::uint8_t, code_size>;

/// What the source adds to the message: the IP header is not part of it.
void write_pseudo_block(base::ByteWriter& out, Bytes message, const ipvs::Address& source) {
  constexpr std::size_t longest_address = 16;
  out.u8(source.family() == ipvs::Family::ipv4 ? 4 : 6);
  out.u8(message[0] >> 4U);  // version
  out.u8(message[1]);        // VRID
  out.u8(0);
  out.bytes(source.bytes());
  for (std::size_t i = source.bytes().size(); i < longest_address; ++i) out.u8(0);
}

/// `head`: the trailer up to its code.
Code code(Bytes message, Bytes head, const ipvs::Address& source, const std::string& secret) {
  base::ByteWriter out;
  write_pseudo_block(out, message, source);
  out.bytes(message.first(checksum_at));
  out.u16(0);
  out.bytes(message.subspan(checksum_at + 2));
  out.bytes(head);
  out.bytes(Code{});
  const std::string text = std::move(out).take();
  const Seal whole = seal(base::as_bytes(text), secret);
  Code first{};
  std::copy_n(whole.begin(), code_size, first.begin());
  return first;
}

/// RFC 1982: by how much `one` is ahead of `other`; negative: behind.
std::int64_t ahead(Sequence one, Sequence other) { return static_cast<std::int64_t>(one - other); }

/// As a distance between sequence numbers.
std::int64_t distance(Time time) { return static_cast<std::int64_t>(sequence_at(time)); }

}  // namespace

Sequence sequence_at(Time clock) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(clock);
  const auto micros = static_cast<Sequence>((clock - whole).count());
  const Sequence fraction = (micros << fraction_bits) / std::micro::den;
  return static_cast<Sequence>(whole.count()) << (fraction_bits + counter_bits) | fraction << counter_bits;
}

Sequence sequence_after(std::optional<Sequence> last, Time clock, Time window) {
  const Sequence now = sequence_at(clock);
  if (!last) return now;
  const std::int64_t lead = ahead(*last, now);
  const bool believed = window > Time{0} && lead > distance(window);
  return lead < 0 || believed ? now : *last + 1;
}

bool is_trailer(Bytes rest) { return rest.size() >= trailer_size && rest[0] == hmac_sha256; }

std::string sign(Bytes message, const ipvs::Address& source, const HmacKey& key, Sequence sequence) {
  base::ByteWriter head;
  head.u8(hmac_sha256);
  head.u8(key.id);
  head.u16(0);
  head.u64(sequence);
  std::string trailer = std::move(head).take();
  const Code proof = code(message, base::as_bytes(trailer), source, key.secret);
  trailer.append(proof.begin(), proof.end());
  return trailer;
}

std::variant<Sequence, Drop> verify(Bytes message, Bytes trailer, const ipvs::Address& source,
                                    const std::vector<HmacKey>& keys) {
  base::ByteReader in{trailer};
  in.u8();  // the type
  const std::uint8_t id = in.u8();
  in.u16();
  const Sequence sequence = in.u64();
  const Bytes proof = in.bytes(code_size);
  if (!in.good()) return Drop::hmac_missing;
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const HmacKey& one) { return one.id == id; });
  if (key == keys.end()) return Drop::hmac_key;
  const Code wanted = code(message, trailer.first(signed_size), source, key->secret);
  if (!same(wanted, proof)) return Drop::hmac;
  return sequence;
}

std::optional<Drop> Senders::take(const ipvs::Address& source, Sequence sequence, Time clock, Time window,
                                  std::size_t most) {
  const bool timed = window > Time{0};
  const Sequence now = sequence_at(clock);
  const std::int64_t skew = ahead(sequence, now);
  if (timed && (skew > distance(window) || skew < -distance(window))) return Drop::hmac_time;
  const auto known = std::find_if(last_.begin(), last_.end(), [&](const auto& one) { return one.first == source; });
  if (known != last_.end()) {
    // One from beyond the window was heard under another clock: it says nothing of this one.
    const bool counts = !timed || ahead(known->second, now) <= distance(window);
    if (counts && ahead(sequence, known->second) <= 0) return Drop::hmac_replayed;
    last_.erase(known);
  }
  last_.insert(last_.begin(), {source, sequence});
  if (last_.size() > most) last_.resize(most);
  return std::nullopt;
}

}  // namespace keepalive::core::vrrp
