#include "core/ruleset.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

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

std::string_view word(ipvs::Protocol protocol) {
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

std::string rules(const std::map<Place, Ports>& groups) {
  std::string text;
  for (const auto& [place, ports] : groups) {
    const bool all = ports.contains(0);
    text += fmt::format("    meta mark 0 {} daddr {} {}meta mark set {:#x}\n",
                        place.address.family() == ipvs::Family::ipv4 ? "ip" : "ip6", to_string(place.address),
                        all ? fmt::format("meta l4proto {} ", word(place.protocol))
                            : fmt::format("{} dport {} ", word(place.protocol), print(ports)),
                        place.mark);
  }
  return text;
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
  if (groups.empty()) return {};
  const std::string marks = rules(groups);
  return no_ruleset(instance) + fmt::format(
                                    "table inet {} {{\n"
                                    "  chain prerouting {{\n"
                                    "    type filter hook prerouting priority mangle; policy accept;\n"
                                    "{}"
                                    "  }}\n"
                                    "  chain output {{\n"
                                    "    type route hook output priority mangle; policy accept;\n"
                                    "{}"
                                    "  }}\n"
                                    "}}\n",
                                    rules_table(instance), marks, marks);
}

}  // namespace keepalive::core
