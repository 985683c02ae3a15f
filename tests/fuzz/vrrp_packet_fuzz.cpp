// VRRP packets: any bytes from either family, which the first byte says. What is read is said again in the same way,
// and never comes from beyond the bytes (each run has its own copy, which ends where they end).
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "core/vrrp/packet.hpp"

namespace {

using namespace keepalive::core::vrrp;

void must(bool holds) {
  if (!holds) std::abort();
}

/// Of the golden packets, so that their checksums hold.
Envelope envelope(bool ipv6) {
  const auto at = [](const char* text) { return *ipvs::Address::parse(text); };
  if (ipv6) return {.source = at("fe80::4074:97ff:fe60:8757"), .destination = at("ff02::12")};
  return {.source = at("10.9.0.1"), .destination = at("224.0.0.18")};
}

/// With a checksum that holds: otherwise little comes through.
std::vector<std::uint8_t> mended(std::vector<std::uint8_t> bytes, const Envelope& from) {
  constexpr std::size_t offset = 6;
  constexpr std::uint8_t protocol = 112;
  if (bytes.size() < offset + 2) return bytes;
  bytes[offset] = bytes[offset + 1] = 0;
  const bool third = bytes[0] >> 4U == 3;
  const std::string before = third ? pseudo_header(from, protocol, bytes.size()) : "";
  const std::uint16_t sum = internet_checksum(bytes, before);
  bytes[offset] = static_cast<std::uint8_t>(sum >> 8U);
  bytes[offset + 1] = static_cast<std::uint8_t>(sum & 0xffU);
  return bytes;
}

void check(const std::vector<std::uint8_t>& bytes, const Envelope& from) {
  const auto result = decode(bytes, from);
  if (const auto* drop = std::get_if<Drop>(&result)) return must(!to_string(*drop).empty());
  const Heard& heard = std::get<Heard>(result);
  must(heard.advertisement.interval > Time{0});
  const auto& trailer = heard.trailer;
  must(trailer.empty() ||
       (trailer.data() > bytes.data() && trailer.data() + trailer.size() == bytes.data() + bytes.size()));
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
  return 0;
}
