#include "core/vrrp/packet.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.hpp"

namespace keepalive::core::vrrp {
namespace {

constexpr std::uint8_t protocol = 112;
constexpr std::uint8_t advertisement_type = 1;
constexpr std::size_t header_size = 8;
constexpr std::size_t password_size = 8;
constexpr std::size_t checksum_offset = 6;
constexpr std::uint16_t interval_mask = 0x0fff;
enum Authentication : std::uint8_t { none = 0, simple_password = 1 };

using Bytes = std::span<const std::uint8_t>;
using Centiseconds = std::chrono::duration<std::int64_t, std::centi>;

std::size_t size_of(ipvs::Family family) { return family == ipvs::Family::ipv4 ? 4 : 16; }

ipvs::Address read_address(base::ByteReader& in, ipvs::Family family) {
  const auto read = [&in]<std::size_t size>(std::array<std::uint8_t, size> copy) {
    const Bytes bytes = in.bytes(size);
    std::copy(bytes.begin(), bytes.end(), copy.begin());
    return ipvs::Address{copy};
  };
  if (family == ipvs::Family::ipv4) return read(std::array<std::uint8_t, 4>{});
  return read(std::array<std::uint8_t, 16>{});
}

std::string until_zero(Bytes bytes) {
  const auto end = std::find(bytes.begin(), bytes.end(), 0);
  return {bytes.begin(), end};
}

/// Which checksum the message has; nothing: none.
std::optional<Checksum> checksum_of(Bytes message, const Envelope& envelope, Version version) {
  const bool plain = internet_checksum(message) == 0;
  if (version == Version::v2) return plain ? std::optional{Checksum::plain} : std::nullopt;
  if (internet_checksum(message, pseudo_header(envelope, protocol, message.size())) == 0)
    return Checksum::pseudo_header;
  if (plain && envelope.source.family() == ipvs::Family::ipv4) return Checksum::plain;
  return std::nullopt;
}

/// How much of a trailer the checksum covers: over IPv6 it is of all that the IP packet carries.
std::size_t covered(std::size_t trailer, ipvs::Family family) { return family == ipvs::Family::ipv6 ? trailer : 0; }

bool is_padding(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::string_view to_string(Drop drop) {
  constexpr std::array<std::string_view, drops> words{"too short",        "unknown version",  "no advertisement",
                                                      "interval 0",       "too long",         "checksum",
                                                      "authentication",   "our own address",  "TTL",
                                                      "not a peer",       "other version",    "other interval",
                                                      "password",         "unknown id",       "no address",
                                                      "no HMAC",          "unknown HMAC key", "wrong HMAC",
                                                      "HMAC out of time", "HMAC heard before"};
  return words[static_cast<std::size_t>(drop)];
}

std::uint16_t internet_checksum(Bytes bytes, std::string_view pseudo_header) {
  std::uint32_t sum = 0;
  const auto add = [&sum](Bytes part) {
    for (std::size_t i = 0; i < part.size(); i += 2)
      sum += static_cast<std::uint32_t>(part[i]) << 8U | (i + 1 < part.size() ? part[i + 1] : 0U);
  };
  add(base::as_bytes(pseudo_header));
  add(bytes);
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

std::string pseudo_header(const Envelope& envelope, std::uint8_t number, std::size_t length) {
  base::ByteWriter out;
  out.bytes(envelope.source.bytes());
  out.bytes(envelope.destination.bytes());
  if (envelope.source.family() == ipvs::Family::ipv4) {
    out.u16(number);
    out.u16(static_cast<std::uint16_t>(length));
  } else {
    out.u32(static_cast<std::uint32_t>(length));
    out.u32(number);
  }
  return std::move(out).take();
}

std::variant<Heard, Drop> decode(Bytes bytes, const Envelope& envelope) {
  base::ByteReader in{bytes};
  const std::uint8_t kind = in.u8();
  Heard heard;
  Advertisement& told = heard.advertisement;
  told.id = in.u8();
  told.priority = in.u8();
  const std::size_t count = in.u8();
  const std::uint16_t timing = in.u16();
  in.u16();  // checksum
  if (!in.good()) return Drop::too_short;
  told.version = static_cast<Version>(kind >> 4U);
  const ipvs::Family family = envelope.source.family();
  const bool second = told.version == Version::v2;
  if (told.version != Version::v3 && !(second && family == ipvs::Family::ipv4)) return Drop::version;
  if ((kind & 0xfU) != advertisement_type) return Drop::type;

  const std::size_t size = header_size + count * size_of(family) + (second ? password_size : 0);
  if (bytes.size() < size) return Drop::too_short;
  told.interval = second ? Time{std::chrono::seconds{timing & 0xffU}} : Time{Centiseconds{timing & interval_mask}};
  if (told.interval == Time{0}) return Drop::interval;
  for (std::size_t i = 0; i < count; ++i) told.addresses.push_back(read_address(in, family));
  const unsigned authentication = second ? timing >> 8U : 0U;
  const Bytes password = in.bytes(second ? password_size : 0);

  const Bytes rest = bytes.subspan(size);
  const std::size_t trailer = is_trailer(rest) ? trailer_size : 0;
  if (!is_padding(rest.subspan(trailer))) return Drop::too_long;
  const auto checksum = checksum_of(bytes.first(size + covered(trailer, family)), envelope, told.version);
  if (!checksum) return Drop::checksum;
  if (authentication > simple_password) return Drop::authentication;
  if (authentication == simple_password) told.password = until_zero(password);
  heard.checksum = *checksum;
  heard.message = bytes.first(size);
  heard.trailer = rest.first(trailer);
  return heard;
}

std::string encode(const Advertisement& told, const Envelope& envelope, Checksum checksum,
                   const std::optional<Signature>& signature) {
  const bool second = told.version == Version::v2;
  base::ByteWriter out;
  out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(told.version) << 4U | advertisement_type));
  out.u8(told.id);
  out.u8(told.priority);
  out.u8(static_cast<std::uint8_t>(told.addresses.size()));
  if (second) {
    out.u8(told.password.empty() ? none : simple_password);
    out.u8(static_cast<std::uint8_t>(std::chrono::duration_cast<std::chrono::seconds>(told.interval).count()));
  } else {
    out.u16(static_cast<std::uint16_t>(std::chrono::duration_cast<Centiseconds>(told.interval).count()) &
            interval_mask);
  }
  out.u16(0);
  for (const ipvs::Address& address : told.addresses) out.bytes(address.bytes());
  if (second) {
    std::string password = told.password.substr(0, password_size);
    password.resize(password_size);
    out.bytes(base::as_bytes(password));
  }

  std::string bytes = std::move(out).take();
  const bool plain = second || (checksum == Checksum::plain && envelope.source.family() == ipvs::Family::ipv4);
  const std::size_t size = bytes.size();
  if (signature) bytes += sign(base::as_bytes(bytes), envelope.source, signature->key, signature->sequence);
  const Bytes summed = base::as_bytes(bytes).first(size + covered(bytes.size() - size, envelope.source.family()));
  const std::uint16_t sum = internet_checksum(summed, plain ? "" : pseudo_header(envelope, protocol, summed.size()));
  bytes[checksum_offset] = static_cast<char>(sum >> 8U);
  bytes[checksum_offset + 1] = static_cast<char>(sum & 0xffU);
  return bytes;
}

ipvs::Address multicast_group(ipvs::Family family) {
  constexpr std::array<std::uint8_t, 4> ipv4{224, 0, 0, 18};
  constexpr std::array<std::uint8_t, 16> ipv6{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12};
  return family == ipvs::Family::ipv4 ? ipvs::Address{ipv4} : ipvs::Address{ipv6};
}

std::size_t most_addresses(ipvs::Family family, std::size_t mtu) {
  constexpr std::size_t most = 255;
  constexpr std::size_t longest_header = 60;
  const std::size_t taken = longest_header + header_size + password_size + trailer_size;
  return mtu <= taken ? 0 : std::min(most, (mtu - taken) / size_of(family));
}

}  // namespace keepalive::core::vrrp
