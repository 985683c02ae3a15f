#include "tables.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "endpoints.hpp"
#include "output.hpp"
#include "words.hpp"

namespace ipvsadm {
namespace {

constexpr std::size_t longest_service_name = 33;  // bytes; longer IPv4 names are cut, as in ipvsadm
constexpr std::size_t longest_server_name = 28;

std::string_view shown(std::string_view name, const ipvs::Address& address, std::size_t longest) {
  return address.family() == ipvs::Family::ipv4 ? name.substr(0, longest) : name;
}

std::string service_name(Endpoints& names, const ipvs::ServiceKey& key) {
  if (const auto* mark = std::get_if<ipvs::FwmarkKey>(&key))
    return fmt::format("FWM  {}{}", mark->mark.value, mark->family == ipvs::Family::ipv6 ? " IPv6" : "");
  const auto& vip = std::get<ipvs::VipKey>(key);
  const std::string name =
      fmt::format("{:<4} {}", ipvs::to_string(vip.protocol), names.text(vip.endpoint, vip.protocol));
  return std::string{shown(name, vip.endpoint.address, longest_service_name)};
}

/// Nine wide: in full below 10^8 or when exact, else cut (never rounded) to K, M, G, T.
void print_number(Output& out, std::uint64_t number, bool exact) {
  struct Scale {
    std::uint64_t below, divisor;
    char unit;
  };
  constexpr std::array<Scale, 3> scales = {{
      {1'000'000'000, 1'000, 'K'},
      {100'000'000'000, 1'000'000, 'M'},
      {100'000'000'000'000, 1'000'000'000, 'G'},
  }};
  if (number < 100'000'000) return out.print("{:9}", number);
  if (exact) return out.print(" {}", number);
  for (const Scale& scale : scales)
    if (number < scale.below) return out.print("{:8}{}", number / scale.divisor, scale.unit);
  out.print("{:8}T", number / 1'000'000'000'000);
}

/// Counters and Rates have the same five members.
template <class Five>
void print_five(Output& out, const Five& five, bool exact) {
  for (const std::uint64_t number :
       {five.connections, five.in_packets, five.out_packets, five.in_bytes, five.out_bytes})
    print_number(out, number, exact);
}

void print_properties(Output& out, const ipvs::Service& service) {
  out.print(" {}", service.scheduler);
  if (const std::string flags = scheduler_flags(service); !flags.empty()) out.print(" ({})", flags);
  if (service.persistence) {
    out.print(" persistent {}", service.persistence->count());
    if (service.netmask) out.print(" mask {}", text(*service.netmask, family(service.key)));
    if (!service.persistence_engine.empty()) out.print(" pe {}", service.persistence_engine);
  }
  if (service.flags.has(ipvs::ServiceFlag::one_packet)) out.write(" ops");
}

void print_service_line(Output& out, Endpoints& names, const ipvs::ServiceEntry& entry, const Layout& layout) {
  const std::string name = service_name(names, entry.service.key);
  if (layout.columns == Columns::stats || layout.columns == Columns::rate) {
    out.print("{:<33}", name);
    if (layout.columns == Columns::stats)
      print_five(out, entry.stats.counters, layout.exact);
    else
      print_five(out, entry.stats.rates, layout.exact);
  } else {
    out.write(name);
    print_properties(out, entry.service);
  }
  out.write("\n");
}

std::string_view forwarding_name(ipvs::Forwarding forwarding) {
  switch (forwarding) {
    case ipvs::Forwarding::masquerade:
      return "Masq";
    case ipvs::Forwarding::local:
      return "Local";
    case ipvs::Forwarding::tunnel:
      return "Tunnel";
    case ipvs::Forwarding::direct_route:
      return "Route";
    default:
      return "(null)";
  }
}

std::string tunnel_info(const ipvs::Destination& server) {
  const ipvs::Tunnel& tunnel = server.tunnel;
  const std::string_view checksum = tunnel.flags.has(ipvs::TunnelFlag::remcsum) ? "r+c"
                                    : tunnel.flags.has(ipvs::TunnelFlag::csum)  ? "+c"
                                                                                : "-c";
  if (server.forwarding != ipvs::Forwarding::tunnel) return "n/a";
  if (tunnel.type == ipvs::TunnelType::ipip) return std::string{name(tunnel.type)};
  if (tunnel.type == ipvs::TunnelType::gre) return fmt::format("{}:{}", name(tunnel.type), checksum);
  return fmt::format("{}:{}:{}", name(tunnel.type), tunnel.port.value, checksum);
}

void print_rates(Output& out, const ipvs::Rates& rates, bool exact) {
  out.print(" {:>8} {:>8} {:>8}", rates.connections, rates.in_packets, rates.out_packets);
  print_number(out, rates.in_bytes, exact);
  print_number(out, rates.out_bytes, exact);
}

void print_server_line(Output& out, Endpoints& names, const ipvs::DestinationEntry& entry,
                       std::optional<ipvs::Protocol> protocol, const Layout& layout) {
  const ipvs::Destination& server = entry.destination;
  const ipvs::Endpoint& endpoint = server.endpoint;
  out.write("  ->");
  out.left(shown(names.text(endpoint, protocol), endpoint.address, longest_server_name), longest_server_name);
  switch (layout.columns) {
    case Columns::stats:
      print_five(out, entry.stats.counters, layout.exact);
      break;
    case Columns::rate:
      print_rates(out, entry.stats.rates, layout.exact);
      break;
    case Columns::thresholds:
      out.left(server.thresholds.upper, 10);
      out.left(server.thresholds.lower, 10);
      break;
    case Columns::persistent_conn:
      out.left(server.weight, 9);
      out.left(entry.persistent_connections, 11);
      break;
    case Columns::tun_info:
      out.left(forwarding_name(server.forwarding), 7);
      out.left(tunnel_info(server), 13);
      out.left(server.weight, 6);
      break;
    case Columns::usual:
      out.left(forwarding_name(server.forwarding), 7);
      out.left(server.weight, 6);
      break;
  }
  if (layout.columns != Columns::stats && layout.columns != Columns::rate) {
    out.left(entry.active_connections, 10);
    out.left(entry.inactive_connections, 10);
  }
  out.write("\n");
}

}  // namespace

void print_header(Output& out, const ipvs::Info& info) {
  out.print("IP Virtual Server version {}.{}.{} (size={})\n", info.version.major, info.version.minor,
            info.version.patch, info.connection_table_size);
}

void print_titles(Output& out, Columns columns) {
  constexpr std::string_view local = "Prot LocalAddress:Port";
  switch (columns) {
    case Columns::stats:
      out.print("{:<33} {:>8} {:>8} {:>8} {:>8} {:>8}\n  -> RemoteAddress:Port\n", local, "Conns", "InPkts", "OutPkts",
                "InBytes", "OutBytes");
      break;
    case Columns::rate:
      out.print("{:<33} {:>8} {:>8} {:>8} {:>8} {:>8}\n  -> RemoteAddress:Port\n", local, "CPS", "InPPS", "OutPPS",
                "InBPS", "OutBPS");
      break;
    case Columns::thresholds:
      out.print("{:<33} {:<10} {:<10} {:<10} {:<10}\n  -> RemoteAddress:Port\n", local, "Uthreshold", "Lthreshold",
                "ActiveConn", "InActConn");
      break;
    case Columns::persistent_conn:
      out.print("{:<33} {:<9} {:<11} {:<10} {:<10}\n  -> RemoteAddress:Port\n", local, "Weight", "PersistConn",
                "ActiveConn", "InActConn");
      break;
    case Columns::tun_info:
      out.print(
          "{} Scheduler Flags\n  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn "
          "InActConn\n",
          local);
      break;
    case Columns::usual:
      out.print("{} Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n", local);
      break;
  }
}

void print_service(Output& out, Endpoints& names, const ipvs::ServiceEntry& service,
                   std::span<const ipvs::DestinationEntry> servers, const Layout& layout) {
  print_service_line(out, names, service, layout);
  const auto protocol = port_protocol(service.service.key);
  for (const ipvs::DestinationEntry& server : servers) print_server_line(out, names, server, protocol, layout);
}

void print_connection_titles(Output& out, const Layout& layout) {
  out.print("IPVS connection entries\npro expire {:<11} {:<18} {:<18} ", "state", "source", "virtual");
  if (layout.engines)
    out.print("{:<18} {:<16} {}\n", "destination", "pe name", "pe_data");
  else
    out.write("destination\n");
}

void print_connection(Output& out, Endpoints& names, const ipvs::Connection& connection, const Layout& layout) {
  const auto seconds = connection.expires.count();
  const ipvs::Protocol protocol = connection.protocol;
  const std::string expires = fmt::format("{:02}:{:02}", seconds / 60, seconds % 60);
  out.print("{:<3} {:<6} {:<11} ", ipvs::to_string(protocol), expires, connection.state);
  out.print("{:<18} ", names.text(connection.client, protocol));
  out.print("{:<18} ", names.text(connection.virtual_endpoint, protocol));
  const std::string_view destination = names.text(connection.destination, protocol);
  if (layout.engines && !connection.persistence_engine.empty())  // ipvsadm's widths do not fit its titles here
    out.print("{:<16} {:<18} {}\n", destination, connection.persistence_engine, connection.persistence_data);
  else
    out.print("{}\n", destination);
}

void print_timeouts(Output& out, const ipvs::Timeouts& timeouts) {
  out.print("Timeout (tcp tcpfin udp): {} {} {}\n", timeouts.tcp.count(), timeouts.tcp_fin.count(),
            timeouts.udp.count());
}

void print_daemon(Output& out, const ipvs::Daemon& daemon) {
  out.print("{} sync daemon (mcast={}, syncid={}", name(daemon.role), daemon.interface, daemon.sync_id.value);
  if (daemon.max_length != 0) out.print(", maxlen={}", daemon.max_length);
  if (daemon.group) out.print(", group={}", ipvs::to_string(*daemon.group));
  if (daemon.port.value != 0) out.print(", port={}", daemon.port.value);
  if (daemon.ttl != 0) out.print(", ttl={}", daemon.ttl);
  out.write(")\n");
}

}  // namespace ipvsadm
