#include "vrrp/places.hpp"

#include <fstream>

#include "base/text.hpp"

namespace keepalive::vrrp_role {
namespace {

net::Prefix kernels_prefix(const vrrp::Prefix& prefix) { return {prefix.address, prefix.length}; }

/// "link", or a number; anything else is global.
std::uint8_t scope_of(const std::string& word) {
  if (word == "site") return net::scope::site;
  if (word == "link") return net::scope::link;
  if (word == "host") return net::scope::host;
  return base::read_number<std::uint8_t>(word).value_or(net::scope::global);
}

}  // namespace

net::InterfaceAddress kernels(const vrrp::VirtualAddress& address, net::Index interface) {
  return {.held = {.address = address.address, .prefix = address.prefix, .interface = interface, .peer = address.peer},
          .scope = scope_of(address.scope),
          .label = address.label,
          .broadcast = address.broadcast,
          .deprecated = !address.preferred,
          .no_prefix_route = !address.prefix_route};
}

net::HeldAddress held_form(const vrrp::VirtualAddress& address, net::Index interface, const net::Links& links) {
  const auto& all = links.addresses();
  for (auto at = all.lower_bound({.address = address.address, .prefix = 0});
       at != all.end() && at->address == address.address; ++at)
    if (at->interface == interface) return *at;
  return kernels(address, interface).held;
}

const net::Link* vrf_of(const std::string& interface, const net::Links& links) {
  const net::Link* const link = links.find(interface);
  const net::Link* const master = link == nullptr ? nullptr : links.find(link->master);
  return master != nullptr && master->kind == "vrf" ? master : nullptr;
}

std::optional<net::Route> kernels(const vrrp::Route& route, const std::string& interface, const net::Links& links) {
  const net::Link* const out = links.find(route.interface);
  if (!route.interface.empty() && out == nullptr) return std::nullopt;
  const net::Link* const vrf = vrf_of(interface, links);
  net::Route made{.destination = kernels_prefix(route.destination),
                  .kind = static_cast<net::RouteKind>(route.kind),
                  .via = route.via,
                  .interface = out == nullptr ? 0 : out->index,
                  .source = route.source,
                  .table = vrf == nullptr ? net::main_table : vrf->table,
                  .metric = route.metric,
                  .onlink = route.onlink,
                  .mtu = route.mtu};
  if (route.table != 0) made.table = route.table;
  if (!route.scope.empty()) made.scope = scope_of(route.scope);
  return made;
}

net::Rule kernels(const vrrp::Rule& rule) {
  net::Rule made{.family = rule.family,
                 .in = rule.in,
                 .out = rule.out,
                 .mark = rule.mark,
                 .mark_mask = rule.mark_mask,
                 .table = rule.table,
                 .priority = rule.priority};
  if (rule.from) made.from = kernels_prefix(*rule.from);
  if (rule.to) made.to = kernels_prefix(*rule.to);
  return made;
}

core::vrrp::Link cores(const net::Link& link, bool forwards) {
  return {.mac = link.mac, .mtu = link.mtu, .works = link.works(), .router = forwards};
}

bool forwards_ipv6() {
  std::ifstream file{"/proc/sys/net/ipv6/conf/all/forwarding"};
  return file.get() == '1';
}

}  // namespace keepalive::vrrp_role
