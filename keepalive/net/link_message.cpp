#include "net/link_message.hpp"

#include <linux/if_link.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cstring>

namespace keepalive::net {
namespace {

using Info = netlink::Attributes<IFLA_INFO_DATA + 1>;

std::uint32_t table_in(const Info& info) {
  const netlink::Attributes<IFLA_VRF_TABLE + 1> data{info.bytes(IFLA_INFO_DATA)};
  return data.value<std::uint32_t>(IFLA_VRF_TABLE).value_or(0);
}

}  // namespace

/// A bridge tells of its ports in the same messages, in its own family; a port that leaves it is not gone.
std::optional<Link> link_in(netlink::Bytes payload) {
  const auto header = netlink::take<ifinfomsg>(payload);
  const netlink::Attributes<IFLA_LINK_NETNSID + 1> its{payload};
  static_assert(IFLA_IFALIAS < IFLA_LINK_NETNSID);
  if (header.ifi_family != AF_UNSPEC || header.ifi_index <= 0 || its.bytes(IFLA_IFNAME).empty()) return {};
  const Info info{its.bytes(IFLA_LINKINFO)};
  Link link;
  link.index = static_cast<Index>(header.ifi_index);
  link.name = its.text(IFLA_IFNAME);
  link.mac = its.value<Mac>(IFLA_ADDRESS).value_or(Mac{});
  link.mtu = its.value<std::uint32_t>(IFLA_MTU).value_or(0);
  link.up = (header.ifi_flags & IFF_UP) != 0;
  link.running = (header.ifi_flags & IFF_RUNNING) != 0;
  link.master = its.value<Index>(IFLA_MASTER).value_or(0);
  // In another namespace the number means another link.
  if (its.bytes(IFLA_LINK_NETNSID).empty()) link.lower = its.value<Index>(IFLA_LINK).value_or(0);
  link.kind = info.text(IFLA_INFO_KIND);
  link.alias = its.text(IFLA_IFALIAS);
  if (link.kind == "vrf") link.table = table_in(info);
  return link;
}

std::optional<std::uint32_t> setting_in(netlink::Bytes payload, unsigned number) {
  netlink::take<ifinfomsg>(payload);
  const netlink::Attributes<IFLA_AF_SPEC + 1> its{payload};
  const netlink::Attributes<AF_INET + 1> families{its.bytes(IFLA_AF_SPEC)};
  const netlink::Attributes<IFLA_INET_CONF + 1> inet{families.bytes(AF_INET)};
  const netlink::Bytes settings = inet.bytes(IFLA_INET_CONF);
  std::uint32_t value = 0;
  if (number == 0 || settings.size() < number * sizeof value) return {};
  std::memcpy(&value, settings.data() + (number - 1) * sizeof value, sizeof value);
  return value;
}

}  // namespace keepalive::net
