// Addresses as IPVS uses them: one value for both families, so that nothing else has to ask which.
//
//   auto vip = ipvs::Endpoint::parse("[fd00::100]:80");
//   ipvs::to_string(vip->address);   // "fd00::100"
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

enum class Family : std::uint8_t { ipv4, ipv6 };

/// An IPv4 or IPv6 address in network byte order. The default is 0.0.0.0.
/// Ordered by family, then as the network orders them.
class Address {
 public:
  constexpr Address() = default;
  constexpr explicit Address(const std::array<std::uint8_t, 4>& bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes_[i] = bytes[i];
  }
  constexpr explicit Address(const std::array<std::uint8_t, 16>& bytes) : family_{Family::ipv6}, bytes_{bytes} {}

  /// The unspecified address of a family: 0.0.0.0 or ::.
  static constexpr Address any(Family family) {
    return family == Family::ipv4 ? Address{} : Address{std::array<std::uint8_t, 16>{}};
  }
  /// Reads what inet_pton(3) reads: dotted quad or RFC 4291 text, nothing around it.
  static std::optional<Address> parse(std::string_view text);

  constexpr Family family() const { return family_; }
  /// 4 or 16 bytes; valid as long as the address lives.
  constexpr std::span<const std::uint8_t> bytes() const {
    return std::span{bytes_}.first(family_ == Family::ipv4 ? 4 : 16);
  }
  bool is_multicast() const;

  friend constexpr auto operator<=>(const Address&, const Address&) = default;
  friend constexpr bool operator==(const Address&, const Address&) = default;

 private:
  Family family_ = Family::ipv4;
  std::array<std::uint8_t, 16> bytes_ = {};
};

/// A TCP, UDP or SCTP port in host order; 0 means any port.
struct Port {
  std::uint16_t value = 0;

  friend constexpr auto operator<=>(const Port&, const Port&) = default;
};

/// An address and a port: where a service listens or a server answers.
struct Endpoint {
  Address address = {};
  Port port = {};

  /// Reads "192.0.2.1:80" and "[2001:db8::1]:80"; the port is required.
  static std::optional<Endpoint> parse(std::string_view text);

  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
  friend constexpr bool operator==(const Endpoint&, const Endpoint&) = default;
};

std::string to_string(const Address& address);
/// "192.0.2.1:80" or "[2001:db8::1]:80".
std::string to_string(const Endpoint& endpoint);
std::ostream& operator<<(std::ostream& out, const Address& address);
std::ostream& operator<<(std::ostream& out, const Endpoint& endpoint);

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs

template <>
struct std::hash<ipvs::Address> {
  std::size_t operator()(const ipvs::Address& address) const noexcept;
};
template <>
struct std::hash<ipvs::Endpoint> {
  std::size_t operator()(const ipvs::Endpoint& endpoint) const noexcept;
};
