#include "ipvs++/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <ostream>

namespace ipvs {
inline namespace v0 {
namespace {

std::optional<Port> parse_port(std::string_view text) {
  Port port;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port.value);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return port;
}

template <class... Numbers>
std::size_t mix(std::size_t seed, Numbers... numbers) {
  return ((seed = (seed ^ numbers) * 0x9e3779b97f4a7c15U, seed ^= seed >> 29U), ...);
}

std::string dotted(std::span<const std::uint8_t, 4> bytes) {
  std::array<char, INET_ADDRSTRLEN + 1> text;  // one more, for g++ 12, which else warns of an overflow
  char* end = text.data();
  for (std::uint8_t byte : bytes) {
    end = std::to_chars(end, text.data() + INET_ADDRSTRLEN, byte).ptr;
    *end++ = '.';
  }
  return {text.data(), end - 1};
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> copy = {};
  if (text.size() >= copy.size() || text.find('\0') != text.npos) return std::nullopt;
  std::ranges::copy(text, copy.begin());
  std::array<std::uint8_t, 4> bytes4;
  if (inet_pton(AF_INET, copy.data(), bytes4.data()) == 1) return Address{bytes4};
  std::array<std::uint8_t, 16> bytes16;
  if (inet_pton(AF_INET6, copy.data(), bytes16.data()) == 1) return Address{bytes16};
  return std::nullopt;
}

bool Address::is_multicast() const { return family_ == Family::ipv4 ? (bytes_[0] & 0xf0U) == 0xe0 : bytes_[0] == 0xff; }

std::optional<Endpoint> Endpoint::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto address = Address::parse(host);
  const auto port = parse_port(text.substr(colon + 1));
  if (!address || !port || bracketed != (address->family() == Family::ipv6)) return std::nullopt;
  return Endpoint{*address, *port};
}

std::string to_string(const Address& address) {
  if (address.family() == Family::ipv4) return dotted(address.bytes().first<4>());
  std::array<char, INET6_ADDRSTRLEN> text;
  return inet_ntop(AF_INET6, address.bytes().data(), text.data(), text.size());
}

std::string to_string(const Endpoint& endpoint) {
  const std::string port = std::to_string(endpoint.port.value);
  if (endpoint.address.family() == Family::ipv4) return to_string(endpoint.address) + ":" + port;
  return std::string("[").append(to_string(endpoint.address)).append("]:").append(port);
}

std::ostream& operator<<(std::ostream& out, const Address& address) { return out << to_string(address); }
std::ostream& operator<<(std::ostream& out, const Endpoint& endpoint) { return out << to_string(endpoint); }

}  // namespace v0
}  // namespace ipvs

std::size_t std::hash<ipvs::Address>::operator()(const ipvs::Address& address) const noexcept {
  std::size_t words[2] = {};
  std::ranges::copy(address.bytes(), reinterpret_cast<std::uint8_t*>(words));
  return ipvs::mix(address.bytes().size(), words[0], words[1]);
}

std::size_t std::hash<ipvs::Endpoint>::operator()(const ipvs::Endpoint& endpoint) const noexcept {
  return ipvs::mix(std::hash<ipvs::Address>{}(endpoint.address), endpoint.port.value);
}
