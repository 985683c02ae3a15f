#include "net/address_request.hpp"

#include <linux/if_addr.h>

namespace keepalive::net {
namespace {

constexpr std::uint32_t for_ever = 0xffffffff;

ifaddrmsg header(const HeldAddress& held, std::uint8_t scope) {
  return {netlink::family_number(held.address.family()), held.prefix, 0, scope, held.interface};
}

void put(netlink::Writer& writer, const HeldAddress& held) {
  writer.put(IFA_LOCAL, held.address);
  writer.put(IFA_ADDRESS, held.peer.value_or(held.address));
}

std::uint32_t flags(const InterfaceAddress& address) {
  const bool six = address.held.address.family() == ipvs::Family::ipv6;
  return (six ? IFA_F_NODAD : 0U) | (address.no_prefix_route ? IFA_F_NOPREFIXROUTE : 0U);
}

}  // namespace

bool write_add(netlink::Writer& writer, std::uint32_t sequence, const InterfaceAddress& address) {
  return writer.message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sequence, header(address.held, address.scope), [&] {
    put(writer, address.held);
    if (address.broadcast) writer.put(IFA_BROADCAST, *address.broadcast);
    if (!address.label.empty()) writer.put(IFA_LABEL, address.label);
    if (flags(address) != 0) writer.put(IFA_FLAGS, flags(address));
    if (address.deprecated) writer.put(IFA_CACHEINFO, ifa_cacheinfo{0, for_ever, 0, 0});
  });
}

bool write_remove(netlink::Writer& writer, std::uint32_t sequence, const HeldAddress& address) {
  return writer.message(RTM_DELADDR, 0, sequence, header(address, 0), [&] { put(writer, address); });
}

int left_of_adding(int error) { return error == EEXIST ? 0 : error; }

int left_of_removing(int error) { return error == EADDRNOTAVAIL || error == ENODEV ? 0 : error; }

}  // namespace keepalive::net
