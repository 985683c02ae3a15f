#include "endpoints.hpp"

#include <fmt/format.h>

#include <iterator>

namespace ipvsadm {

std::string_view Endpoints::text(const ipvs::Endpoint& endpoint, ipvs::Protocol protocol) {
  text_.clear();
  const bool bracketed = endpoint.address.family() == ipvs::Family::ipv6;
  if (bracketed) text_ += '[';
  append_host(endpoint.address);
  if (bracketed) text_ += ']';
  text_ += ':';
  append_port(endpoint.port, protocol);
  return text_;
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
  const auto bytes = address.bytes();
  fmt::format_to(std::back_inserter(text_), "{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
}

void Endpoints::append_port(ipvs::Port port, ipvs::Protocol protocol) {
  if (naming_ == Naming::names)
    if (const auto& name = names_.of(port, protocol)) {
      text_ += *name;
      return;
    }
  fmt::format_to(std::back_inserter(text_), "{}", port.value);
}

ipvs::Protocol port_protocol(const ipvs::ServiceKey& key) {
  const auto* vip = std::get_if<ipvs::VipKey>(&key);
  return vip ? vip->protocol : ipvs::Protocol::tcp;
}

}  // namespace ipvsadm
