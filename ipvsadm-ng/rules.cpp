#include "rules.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "endpoints.hpp"
#include "output.hpp"
#include "words.hpp"

namespace ipvsadm {
namespace {

using ipvs::Forwarding;
using ipvs::ServiceKey;

std::string_view service_option(ipvs::Protocol protocol) {
  switch (protocol) {
    case ipvs::Protocol::tcp:
      return "-t";
    case ipvs::Protocol::udp:
      return "-u";
    default:
      return "--sctp-service";
  }
}

std::string_view forwarding_option(Forwarding forwarding) {
  switch (forwarding) {
    case Forwarding::masquerade:
      return "-m";
    case Forwarding::tunnel:
      return "-i";
    default:
      return "-g";
  }
}

void print_key(Output& out, Endpoints& names, std::string_view verb, const ServiceKey& key) {
  out.write(verb);
  if (const auto* vip = std::get_if<ipvs::VipKey>(&key)) {
    out.left(service_option(vip->protocol), 0);
    out.left(names.text(vip->endpoint, vip->protocol), 0);
    return;
  }
  const auto& mark = std::get<ipvs::FwmarkKey>(key);
  out.print(" -f {}{}", mark.mark.value, mark.family == ipvs::Family::ipv6 ? " -6" : "");
}

void print_service(Output& out, Endpoints& names, std::string_view verb, const ipvs::Service& service) {
  print_key(out, names, verb, service.key);
  out.print(" -s {}", service.scheduler);
  if (service.persistence) out.print(" -p {}", service.persistence->count());
  if (service.netmask) out.print(" -M {}", text(*service.netmask, family(service.key)));
  if (!service.persistence_engine.empty()) out.print(" --pe {}", service.persistence_engine);
  if (service.flags.has(ipvs::ServiceFlag::one_packet)) out.write(" -o");
  if (const std::string flags = scheduler_flags(service); !flags.empty()) out.print(" -b {}", flags);
  out.write("\n");
}

void print_tunnel(Output& out, const ipvs::Tunnel& tunnel) {
  out.print(" --tun-type {}", name(tunnel.type));
  if (tunnel.type == ipvs::TunnelType::ipip) return;
  if (tunnel.type == ipvs::TunnelType::gue) out.print(" --tun-port {}", tunnel.port.value);
  out.write(tunnel.flags.has(ipvs::TunnelFlag::remcsum) ? " --tun-remcsum"
            : tunnel.flags.has(ipvs::TunnelFlag::csum)  ? " --tun-csum"
                                                        : " --tun-nocsum");
}

void print_server(Output& out, Endpoints& names, std::string_view verb, const ServiceKey& key,
                  const ipvs::Destination& server) {
  print_key(out, names, verb, key);
  out.write(" -r");
  out.left(names.text(server.endpoint, port_protocol(key)), 0);
  out.left(forwarding_option(server.forwarding), 0);
  out.write(" -w");
  out.left(server.weight, 0);
  if (server.forwarding == Forwarding::tunnel) print_tunnel(out, server.tunnel);
  if (server.thresholds.upper != 0) out.print(" -x {}", server.thresholds.upper);
  if (server.thresholds.lower != 0) out.print(" -y {}", server.thresholds.lower);
  out.write("\n");
}

struct ChangePrinter {
  Output& out;
  Endpoints& names;

  void operator()(const ipvs::AddService& change) { print_service(out, names, "-A", change.service); }
  void operator()(const ipvs::EditService& change) { print_service(out, names, "-E", change.service); }
  void operator()(const ipvs::RemoveService& change) {
    print_key(out, names, "-D", change.key);
    out.write("\n");
  }
  void operator()(const ipvs::AddDestination& change) {
    print_server(out, names, "-a", change.service, change.destination);
  }
  void operator()(const ipvs::EditDestination& change) {
    print_server(out, names, "-e", change.service, change.destination);
  }
  void operator()(const ipvs::RemoveDestination& change) {
    print_key(out, names, "-d", change.service);
    out.print(" -r {}\n", names.text(change.endpoint, port_protocol(change.service)));
  }
};

}  // namespace

void print_rule(Output& out, Endpoints& names, const ipvs::Service& service) {
  print_service(out, names, "-A", service);
}

void print_rule(Output& out, Endpoints& names, const ServiceKey& service, const ipvs::Destination& server) {
  print_server(out, names, "-a", service, server);
}

void print_rule(Output& out, Endpoints& names, const ipvs::Change& change) {
  std::visit(ChangePrinter{out, names}, change);
}

}  // namespace ipvsadm
