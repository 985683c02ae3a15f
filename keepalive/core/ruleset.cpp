#include "core/ruleset.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "core/vrrp/packet.hpp"

namespace keepalive::core {
namespace {

/// Where packets of a group go, without the port.
struct Place {
  std::uint32_t mark = 0;
  ipvs::Address address = {};
  ipvs::Protocol protocol = ipvs::Protocol::tcp;

  friend auto operator<=>(const Place&, const Place&) = default;
};
using Ports = std::set<std::uint16_t>;

std::string_view match_word(ipvs::Protocol protocol) {
  switch (protocol) {
    case ipvs::Protocol::udp:
      return "udp";
    case ipvs::Protocol::sctp:
      return "sctp";
    default:
      return "tcp";
  }
}

/// "554", "{ 554, 6970-6999 }".
std::string print(const Ports& ports) {
  std::string list;
  std::size_t count = 0;
  for (auto port = ports.begin(); port != ports.end(); ++count) {
    const std::uint16_t first = *port;
    std::uint16_t last = first;
    while (++port != ports.end() && *port == last + 1) ++last;
    list += list.empty() ? "" : ", ";
    list += first == last ? fmt::format("{}", first) : fmt::format("{}-{}", first, last);
  }
  return count == 1 ? list : "{ " + list + " }";
}

std::uint32_t mark_of(const VirtualServer& service, ipvs::Family family) {
  for (const ipvs::ServiceKey& key : service.keys)
    if (const auto* mark = std::get_if<ipvs::FwmarkKey>(&key); mark != nullptr && mark->family == family)
      return mark->mark.value;
  return 0;
}

std::string_view family_word(const ipvs::Address& address) {
  return address.family() == ipvs::Family::ipv4 ? "ip" : "ip6";
}

/// "ip daddr 10.0.0.100 tcp dport 80 "
std::string packets(const Place& place, const Ports& ports) {
  return fmt::format("{} daddr {} {}", family_word(place.address), to_string(place.address),
                     ports.contains(0) ? fmt::format("meta l4proto {} ", match_word(place.protocol))
                                       : fmt::format("{} dport {} ", match_word(place.protocol), print(ports)));
}

std::string rules(const std::map<Place, Ports>& groups) {
  std::string text;
  for (const auto& [place, ports] : groups)
    text += fmt::format("    meta mark 0 {}meta mark set {:#x}\n", packets(place, ports), place.mark);
  return text;
}

std::string marking(const std::string& marks) {
  return fmt::format(
      "  chain prerouting {{\n"
      "    type filter hook prerouting priority mangle; policy accept;\n"
      "{0}"
      "  }}\n"
      "  chain output {{\n"
      "    type route hook output priority mangle; policy accept;\n"
      "{0}"
      "  }}\n",
      marks);
}

using Addresses = std::set<ipvs::Address>;

/// Virtual addresses of routers that do not take what is for no service. RFC 9568 section 6.1: owners always do.
Addresses refusing(const Config& config) {
  Addresses list;
  for (const Vrrp& one : config.vrrps)
    if (!one.router.accept && one.router.priority != vrrp::owner)
      for (const vrrp::VirtualAddress& address : one.router.addresses) list.insert(address.address);
  return list;
}

/// What services get there, where they do not go on to another host: a mark, or a port of an address.
std::string services_at(const Config& config, const Addresses& addresses) {
  std::map<Place, Ports> ports;
  std::set<std::uint32_t> marks;
  for (const VirtualServer& service : config.services)
    for (const ipvs::ServiceKey& key : service.keys) {
      if (const auto* mark = std::get_if<ipvs::FwmarkKey>(&key)) marks.insert(mark->mark.value);
      const auto* vip = std::get_if<ipvs::VipKey>(&key);
      if (vip != nullptr && addresses.contains(vip->endpoint.address))
        ports[{0, vip->endpoint.address, vip->protocol}].insert(vip->endpoint.port.value);
    }
  std::string text;
  for (const std::uint32_t mark : marks) text += fmt::format("    meta mark {:#x} accept\n", mark);
  for (const auto& [place, some] : ports) text += fmt::format("    {}accept\n", packets(place, some));
  return text;
}

/// After IPVS has taken what is its own: that does not come here (priority 99).
std::string no_accept(const Config& config) {
  const Addresses addresses = refusing(config);
  if (addresses.empty()) return {};
  std::string drops;
  for (const ipvs::Address& address : addresses)
    drops += fmt::format("    {} daddr {} drop\n", family_word(address), to_string(address));
  return fmt::format(
      "  chain input {{\n"
      "    type filter hook input priority 110; policy accept;\n"
      "    iif \"lo\" accept\n"
      "    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept\n"
      "{}{}"
      "  }}\n",
      services_at(config, addresses), drops);
}

}  // namespace

std::string rules_table(const std::string& instance) {
  return instance.empty() ? "keepalive" : "keepalive-" + instance;
}

std::string no_ruleset(const std::string& instance) {
  // The first line makes sure that there is something to delete.
  return fmt::format("table inet {0} {{}}\ndelete table inet {0}\n", rules_table(instance));
}

std::string ruleset(const Config& config, const std::string& instance) {
  std::map<Place, Ports> groups;
  for (const VirtualServer& service : config.services)
    for (const ipvs::VipKey& vip : service.marked)
      groups[{mark_of(service, vip.endpoint.address.family()), vip.endpoint.address, vip.protocol}].insert(
          vip.endpoint.port.value);
  const std::string chains = (groups.empty() ? "" : marking(rules(groups))) + no_accept(config);
  if (chains.empty()) return {};
  return no_ruleset(instance) + fmt::format("table inet {} {{\n{}}}\n", rules_table(instance), chains);
}

}  // namespace keepalive::core
