#include "core/vrrp/frames.hpp"

#include "base/bytes.hpp"
#include "core/vrrp/packet.hpp"

namespace keepalive::core::vrrp {
namespace {

constexpr Mac everybody{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
constexpr Mac all_nodes_mac{0x33, 0x33, 0, 0, 0, 1};
constexpr ipvs::Address all_nodes{std::array<std::uint8_t, 16>{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

constexpr std::uint16_t ethertype_arp = 0x0806;
constexpr std::uint16_t ethertype_ipv4 = 0x0800;
constexpr std::uint16_t ethertype_ipv6 = 0x86dd;
constexpr std::uint16_t hardware_ethernet = 1;
constexpr std::uint16_t arp_request = 1;
constexpr std::uint8_t icmpv6 = 58;
constexpr std::uint8_t neighbour_advertisement = 136;
constexpr std::uint8_t target_link_layer_address = 2;
constexpr std::uint32_t override_flag = 0x20000000;
constexpr std::uint32_t router_flag = 0x80000000;
constexpr std::uint32_t version_and_class = 0x60000000;  // class 0, as the kernel's own and keepalived's
constexpr std::uint8_t hop_limit = 255;

std::string gratuitous_arp(const ipvs::Address& address, const Mac& mac) {
  base::ByteWriter out;
  out.bytes(everybody);
  out.bytes(mac);
  out.u16(ethertype_arp);
  out.u16(hardware_ethernet);
  out.u16(ethertype_ipv4);
  out.u8(static_cast<std::uint8_t>(mac.size()));
  out.u8(static_cast<std::uint8_t>(address.bytes().size()));
  out.u16(arp_request);
  out.bytes(mac);
  out.bytes(address.bytes());
  out.bytes(everybody);  // as keepalived; errata 7947 and 7949 leave it open
  out.bytes(address.bytes());
  return std::move(out).take();
}

std::string message(const ipvs::Address& address, const Mac& mac, bool router, std::uint16_t checksum) {
  base::ByteWriter out;
  out.u8(neighbour_advertisement);
  out.u8(0);
  out.u16(checksum);
  out.u32(override_flag | (router ? router_flag : 0U));
  out.bytes(address.bytes());
  out.u8(target_link_layer_address);
  out.u8(1);  // of 8 bytes
  out.bytes(mac);
  return std::move(out).take();
}

std::string unsolicited_advertisement(const ipvs::Address& address, const Mac& mac, bool router) {
  const std::string blank = message(address, mac, router, 0);
  const std::string pseudo = pseudo_header({.source = address, .destination = all_nodes}, icmpv6, blank.size());
  const std::string body = message(address, mac, router, internet_checksum(base::as_bytes(blank), pseudo));
  base::ByteWriter out;
  out.bytes(all_nodes_mac);
  out.bytes(mac);
  out.u16(ethertype_ipv6);
  out.u32(version_and_class);
  out.u16(static_cast<std::uint16_t>(body.size()));
  out.u8(icmpv6);
  out.u8(hop_limit);
  out.bytes(address.bytes());
  out.bytes(all_nodes.bytes());
  out.bytes(base::as_bytes(body));
  return std::move(out).take();
}

}  // namespace

std::string announcement(const ipvs::Address& address, const Mac& mac, bool router) {
  return address.family() == ipvs::Family::ipv4 ? gratuitous_arp(address, mac)
                                                : unsolicited_advertisement(address, mac, router);
}

}  // namespace keepalive::core::vrrp
