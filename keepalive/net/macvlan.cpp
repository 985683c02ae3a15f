// Edits of links: macvlans that carry a virtual MAC, and the settings that they need.
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/netconf.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "base/fd.hpp"
#include "net/edits.hpp"
#include "net/link_message.hpp"
#include "net/link_request.hpp"
#include "net/netlink.hpp"

namespace keepalive::net {
namespace {

using netlink::Writer;

/// One request without an answer of interest; `write(writer, sequence)`. The errno.
template <class Write>
int request(netlink::Requests& requests, Write write) {
  int refusal = 0;
  requests.run(
      1, [&](Writer& writer, std::uint32_t sequence, std::size_t) { return write(writer, sequence); },
      [&](std::size_t, int error) { refusal = error; });
  return refusal;
}

/// `attributes(writer)` writes what follows the header.
template <class Attributes>
int request(netlink::Requests& requests, std::uint16_t type, unsigned flags, const ifinfomsg& its,
            Attributes attributes) {
  return request(requests, [&](Writer& writer, std::uint32_t sequence) {
    return writer.message(type, flags, sequence, its, [&] { attributes(writer); });
  });
}

int create_macvlan(netlink::Requests& requests, const Macvlan& link) {
  return request(requests, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, link_header(0), [&](Writer& writer) {
    writer.put(IFLA_IFNAME, link.name);
    writer.put(IFLA_ADDRESS, link.mac);
    writer.put(IFLA_LINK, link.lower);
    writer.nested(IFLA_LINKINFO, [&] {
      writer.put(IFLA_INFO_KIND, std::string{"macvlan"});
      writer.nested(IFLA_INFO_DATA, [&] { writer.put(IFLA_MACVLAN_MODE, std::uint32_t{MACVLAN_MODE_PRIVATE}); });
    });
  });
}

Outcome<Link> find(netlink::Requests& requests, const std::string& name) {
  std::optional<Link> found;
  const int error = requests.ask(
      [&](Writer& writer, std::uint32_t sequence) {
        writer.message(RTM_GETLINK, 0, sequence, link_header(0), [&] { writer.put(IFLA_IFNAME, name); });
      },
      [&](netlink::Bytes payload) { found = link_in(payload); });
  if (error != 0 || !found) return tl::unexpected(error != 0 ? error : EBADMSG);
  return *found;
}

int set(netlink::Requests& requests, Index link, std::span<const Setting> settings) {
  return request(requests, [&](Writer& writer, std::uint32_t sequence) {
    return write_settings(writer, sequence, link, settings);
  });
}

/// net.ipv4.conf.all.rp_filter, which counts where it is stricter than a link's own.
std::uint32_t filter_of_all(netlink::Requests& requests) {
  std::uint32_t filter = 0;
  requests.ask(
      [&](Writer& writer, std::uint32_t sequence) {
        writer.message(RTM_GETNETCONF, 0, sequence, netconfmsg{AF_INET},
                       [&] { writer.put(NETCONFA_IFINDEX, std::int32_t{NETCONFA_IFINDEX_ALL}); });
      },
      [&](netlink::Bytes payload) {
        netlink::take<netconfmsg>(payload);
        const netlink::Attributes<NETCONFA_RP_FILTER + 1> its{payload};
        filter = its.value<std::uint32_t>(NETCONFA_RP_FILTER).value_or(0);
      });
  return filter;
}

/// As keepalived sets them; but where strict filtering is on for all links, loose (2) is the least that can be had.
int prepare(netlink::Requests& requests, Index link) {
  const std::array settings = {Setting{IPV4_DEVCONF_ARP_IGNORE, 1U}, Setting{IPV4_DEVCONF_ACCEPT_LOCAL, 1U},
                               Setting{IPV4_DEVCONF_PROMOTE_SECONDARIES, 1U},
                               Setting{IPV4_DEVCONF_RP_FILTER, filter_of_all(requests) == 0 ? 0U : 2U}};
  return set(requests, link, settings);
}

/// Both routers have this MAC: an address made from it would be there twice. Without IPv6 there is nothing to do.
int make_no_addresses(netlink::Requests& requests, Index link, const std::string& name) {
  const int error = request(requests, RTM_SETLINK, 0, link_header(link), [](Writer& writer) {
    writer.nested(IFLA_AF_SPEC, [&] {
      writer.nested(AF_INET6, [&] { writer.put(IFLA_INET6_ADDR_GEN_MODE, std::uint8_t{IN6_ADDR_GEN_MODE_NONE}); });
    });
  });
  if (error != 0) return error == EAFNOSUPPORT ? 0 : error;
  for (const char* key : {"accept_ra", "autoconf"}) {
    const base::Fd file{open(("/proc/sys/net/ipv6/conf/" + name + "/" + key).c_str(), O_WRONLY | O_CLOEXEC)};
    if (!file || ::write(file.get(), "0", 1) != 1) return errno;
  }
  return 0;
}

/// `alias`: empty: as it is. The kernel takes none as it makes a link.
int bring_up(netlink::Requests& requests, Index link, Index master, const std::string& alias) {
  return request(requests, RTM_SETLINK, 0, link_header(link, IFF_UP, IFF_UP), [&](Writer& writer) {
    if (master != 0) writer.put(IFLA_MASTER, master);
    if (!alias.empty()) writer.put(IFLA_IFALIAS, alias);
  });
}

bool is(const Link& link, const Macvlan& wanted) {
  return link.kind == "macvlan" && link.mac == wanted.mac && link.lower == wanted.lower;
}

}  // namespace

Outcome<Index> Edits::add(const Macvlan& link) {
  const int created = create_macvlan(*requests_, link);
  if (created != 0 && created != EEXIST) return tl::unexpected(created);
  const Outcome<Link> found = find(*requests_, link.name);
  if (!found) return tl::unexpected(found.error());
  if (!is(*found, link)) return tl::unexpected(EEXIST);
  int error = prepare(*requests_, found->index);
  if (error == 0) error = make_no_addresses(*requests_, found->index, link.name);
  if (error == 0) error = bring_up(*requests_, found->index, link.master, created == 0 ? link.alias : "");
  if (error == 0) return found->index;
  if (created == 0) static_cast<void>(remove_link(found->index));
  return tl::unexpected(error);
}

Outcome<void> Edits::remove_link(Index link) {
  const int error = request(
      *requests_, [&](Writer& writer, std::uint32_t sequence) { return write_remove_link(writer, sequence, link); });
  if (error != 0 && error != ENODEV) return tl::unexpected(error);
  return {};
}

Outcome<ArpSettings> Edits::arp_settings(Index link) {
  std::optional<std::uint32_t> ignore;
  std::optional<std::uint32_t> filter;
  const int error = requests_->ask(
      [&](Writer& writer, std::uint32_t sequence) {
        writer.message(RTM_GETLINK, 0, sequence, link_header(link), [] {});
      },
      [&](netlink::Bytes payload) {
        ignore = setting_in(payload, IPV4_DEVCONF_ARP_IGNORE);
        filter = setting_in(payload, IPV4_DEVCONF_ARPFILTER);
      });
  if (error != 0) return tl::unexpected(error);
  if (!ignore || !filter) return tl::unexpected(EBADMSG);
  return ArpSettings{*ignore, *filter};
}

Outcome<void> Edits::set_arp_settings(Index link, const ArpSettings& settings) {
  if (const int error = set(*requests_, link, settings_of(settings)); error != 0) return tl::unexpected(error);
  return {};
}

}  // namespace keepalive::net
