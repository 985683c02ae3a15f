#include "endpoints.hpp"

#include <array>
#include <charconv>

namespace ipvsadm {
namespace {

void append_number(std::string& text, unsigned number) {
  std::array<char, 10> digits = {};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text.append(digits.data(), end);
}

}  // namespace

std::string_view Endpoints::text(const ipvs::Endpoint& endpoint, std::optional<ipvs::Protocol> protocol) {
  text_.clear();
  const bool bracketed = endpoint.address.family() == ipvs::Family::ipv6;
  if (bracketed) text_ += '[';
  append_host(endpoint.address);
  if (bracketed) text_ += ']';
  text_ += ':';
  append_port(endpoint.port, protocol);
  return std::string_view{text_}.substr(0, longest_);
}

void Endpoints::append_host(const ipvs::Address& address) {
  if (naming_ == Naming::names)
    if (const auto& name = names_.of(address)) {
      text_ += *name;
      return;
    }
  if (address.family() == ipvs::Family::ipv6) {
    text_ += ipvs::to_string(address);
    return;
  }
  char separator = '\0';
  for (const std::uint8_t byte : address.bytes()) {
    if (separator != '\0') text_ += separator;
    separator = '.';
    append_number(text_, byte);
  }
}

void Endpoints::append_port(ipvs::Port port, std::optional<ipvs::Protocol> protocol) {
  if (naming_ == Naming::names && protocol)
    if (const auto& name = names_.of(port, *protocol)) {
      text_ += *name;
      return;
    }
  append_number(text_, port.value);
}

std::optional<ipvs::Protocol> port_protocol(const ipvs::ServiceKey& key) {
  const auto* vip = std::get_if<ipvs::VipKey>(&key);
  if (!vip) return std::nullopt;
  return vip->protocol;
}

}  // namespace ipvsadm
