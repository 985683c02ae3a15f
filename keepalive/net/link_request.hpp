// The requests that set what a link needs, and remove it.
#pragma once

#include <linux/ip.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "net/edits.hpp"
#include "net/netlink.hpp"

namespace keepalive::net {

using Setting = std::pair<unsigned, std::uint32_t>;  // IPV4_DEVCONF_…, value

inline ifinfomsg link_header(Index link, unsigned flags = 0, unsigned change = 0) {
  return {AF_UNSPEC, 0, 0, static_cast<int>(link), flags, change};
}

inline std::array<Setting, 2> settings_of(const ArpSettings& settings) {
  return {Setting{IPV4_DEVCONF_ARP_IGNORE, settings.ignore}, Setting{IPV4_DEVCONF_ARPFILTER, settings.filter}};
}

bool write_settings(netlink::Writer& writer, std::uint32_t sequence, Index link, std::span<const Setting> settings);
bool write_remove_link(netlink::Writer& writer, std::uint32_t sequence, Index link);

}  // namespace keepalive::net
