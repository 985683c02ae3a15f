#include "vrrp/places.hpp"

#include <charconv>
#include <fstream>

namespace keepalive::vrrp_role {
namespace {

/// "link", or a number; anything else is global.
std::uint8_t scope_of(const std::string& word) {
  if (word == "site") return net::scope::site;
  if (word == "link") return net::scope::link;
  if (word == "host") return net::scope::host;
  std::uint8_t number = net::scope::global;
  std::from_chars(word.data(), word.data() + word.size(), number);
  return number;
}

}  // namespace

net::InterfaceAddress kernels(const vrrp::VirtualAddress& address, net::Index interface) {
  return {.held = {.address = address.address, .prefix = address.prefix, .interface = interface},
          .scope = scope_of(address.scope),
          .label = address.label,
          .deprecated = !address.preferred};
}

core::vrrp::Link cores(const net::Link& link, bool forwards) {
  return {.mac = link.mac, .mtu = link.mtu, .works = link.works(), .router = forwards};
}

bool forwards_ipv6() {
  std::ifstream file{"/proc/sys/net/ipv6/conf/all/forwarding"};
  return file.get() == '1';
}

}  // namespace keepalive::vrrp_role
