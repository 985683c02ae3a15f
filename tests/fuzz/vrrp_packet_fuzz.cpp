// VRRP packets: any bytes from either family, which the first byte says. What is read is said again in the same way,
// and never comes from beyond the bytes (each run has its own copy, which ends where they end).
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "core/vrrp/packet.hpp"
#include "fuzz.hpp"

namespace {

using namespace keepalive::core::vrrp;
using fuzz::must;

/// Of the golden packets, so that their checksums hold.
Envelope envelope(bool ipv6) {
  const auto at = [](const char* text) { return *ipvs::Address::parse(text); };
  if (ipv6) return {.source = at("fe80::4074:97ff:fe60:8757"), .destination = at("ff02::12")};
  return {.source = at("10.9.0.1"), .destination = at("224.0.0.18")};
}

/// With a checksum that holds: otherwise little comes through. `behind`: bytes at the end that it does not cover.
std::vector<std::uint8_t> mended(std::vector<std::uint8_t> bytes, const Envelope& from, std::size_t behind = 0) {
  constexpr std::size_t offset = 6;
  constexpr std::uint8_t protocol = 112;
  if (bytes.size() < offset + 2 + behind) return bytes;
  bytes[offset] = bytes[offset + 1] = 0;
  const bool third = bytes[0] >> 4U == 3;
  const std::span<const std::uint8_t> covered = std::span{bytes}.first(bytes.size() - behind);
  const std::string before = third ? pseudo_header(from, protocol, covered.size()) : "";
  const std::uint16_t sum = internet_checksum(covered, before);
  bytes[offset] = static_cast<std::uint8_t>(sum >> 8U);
  bytes[offset + 1] = static_cast<std::uint8_t>(sum & 0xffU);
  return bytes;
}

const HmacKey secret{.id = 7, .secret = "thirty-two bytes, or some more ones"};

/// A trailer of anybody's proves nothing; ours does, and only with its own message.
void check_signed(const Heard& heard, const Envelope& from) {
  must(std::holds_alternative<Drop>(verify(heard.message, heard.trailer, from.source, {secret})));
  constexpr Sequence sequence = 0x0123456789abcdef;
  const std::string signed_ = encode(heard.advertisement, from, heard.checksum, Signature{secret, sequence});
  const auto result = decode(base::as_bytes(signed_), from);
  must(std::holds_alternative<Heard>(result));
  const Heard& again = std::get<Heard>(result);
  must(again.advertisement == heard.advertisement);
  const auto proof = verify(again.message, again.trailer, from.source, {secret});
  must(std::holds_alternative<Sequence>(proof) && std::get<Sequence>(proof) == sequence);
}

void check(const std::vector<std::uint8_t>& bytes, const Envelope& from) {
  const auto result = decode(bytes, from);
  if (const auto* drop = std::get_if<Drop>(&result)) return must(!to_string(*drop).empty());
  const Heard& heard = std::get<Heard>(result);
  must(heard.advertisement.interval > Time{0});
  const auto& trailer = heard.trailer;
  must(heard.message.data() == bytes.data() && heard.message.size() <= bytes.size());
  must(trailer.empty() || (trailer.size() == trailer_size && trailer.data() == bytes.data() + heard.message.size() &&
                           heard.message.size() + trailer_size <= bytes.size()));
  if (!trailer.empty()) check_signed(heard, from);
  const std::string again = encode(heard.advertisement, from, heard.checksum);
  const auto second = decode(base::as_bytes(again), from);
  must(std::holds_alternative<Heard>(second));
  must(std::get<Heard>(second).advertisement == heard.advertisement);
  must(encode(std::get<Heard>(second).advertisement, from, heard.checksum) == again);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Envelope from = envelope((data[0] & 1U) != 0);
  const std::vector<std::uint8_t> bytes{data + 1, data + size};
  check(bytes, from);
  check(mended(bytes, from), from);
  check(mended(bytes, from, trailer_size), from);
  return 0;
}
