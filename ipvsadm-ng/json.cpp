#include "json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <utility>

#include "output.hpp"
#include "words.hpp"

namespace ipvsadm {
namespace {

namespace json = boost::json;

std::string_view json_name(ipvs::Family family) { return family == ipvs::Family::ipv4 ? "ipv4" : "ipv6"; }

std::string json_name(ipvs::Protocol protocol) {
  std::string text = ipvs::to_string(protocol);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string_view json_name(ipvs::Forwarding forwarding) {
  switch (forwarding) {
    case ipvs::Forwarding::masquerade:
      return "masquerade";
    case ipvs::Forwarding::local:
      return "local";
    case ipvs::Forwarding::tunnel:
      return "tunnel";
    case ipvs::Forwarding::direct_route:
      return "direct_route";
    default:
      return "bypass";
  }
}

json::object endpoint_json(const ipvs::Endpoint& endpoint) {
  return {{"address", ipvs::to_string(endpoint.address)}, {"port", endpoint.port.value}};
}

/// Counters and Rates have the same five members.
template <class Five>
json::object five_json(const Five& five) {
  return {{"connections", five.connections},
          {"in_packets", five.in_packets},
          {"out_packets", five.out_packets},
          {"in_bytes", five.in_bytes},
          {"out_bytes", five.out_bytes}};
}

void merge(json::object& into, json::object&& more) {
  for (auto& member : more) into.insert_or_assign(member.key(), std::move(member.value()));
}

json::object service_json(const ipvs::Service& service) {
  json::object object = to_json(service.key);
  json::array flags;
  for (const std::string_view flag : scheduler_flag_names(service)) flags.emplace_back(flag);
  object["scheduler"] = service.scheduler;
  object["scheduler_flags"] = std::move(flags);
  object["one_packet"] = service.flags.has(ipvs::ServiceFlag::one_packet);
  object["persistence_timeout"] = service.persistence ? json::value(service.persistence->count()) : json::value();
  object["netmask"] = text(service.netmask.value_or(ipvs::Netmask::full(family(service.key))), family(service.key));
  object["persistence_engine"] =
      service.persistence_engine.empty() ? json::value() : json::value(service.persistence_engine);
  return object;
}

json::object destination_json(const ipvs::Destination& server) {
  json::object object = endpoint_json(server.endpoint);
  object["forwarding"] = json_name(server.forwarding);
  object["weight"] = server.weight;
  object["upper_threshold"] = server.thresholds.upper;
  object["lower_threshold"] = server.thresholds.lower;
  if (server.forwarding == ipvs::Forwarding::tunnel)
    object["tunnel"] = json::object{{"type", ipvsadm::name(server.tunnel.type)},
                                    {"port", server.tunnel.port.value},
                                    {"csum", server.tunnel.flags.has(ipvs::TunnelFlag::csum)},
                                    {"remcsum", server.tunnel.flags.has(ipvs::TunnelFlag::remcsum)}};
  return object;
}

json::object entry_json(const ipvs::DestinationEntry& entry) {
  json::object object = destination_json(entry.destination);
  object["active_connections"] = entry.active_connections;
  object["inactive_connections"] = entry.inactive_connections;
  object["persistent_connections"] = entry.persistent_connections;
  object["stats"] = five_json(entry.stats.counters);
  object["rates"] = five_json(entry.stats.rates);
  return object;
}

json::object service_change(std::string_view kind, const ipvs::ServiceKey& key, json::object&& more = {}) {
  json::object service = to_json(key);
  merge(service, std::move(more));
  return {{"change", kind}, {"service", std::move(service)}};
}

json::object server_change(std::string_view kind, const ipvs::ServiceKey& key, json::object&& server) {
  return {{"change", kind}, {"destination", std::move(server)}, {"service", to_json(key)}};
}

struct ChangeJson {
  json::object operator()(const ipvs::AddService& change) const {
    return service_change("add_service", change.service.key, service_json(change.service));
  }
  json::object operator()(const ipvs::EditService& change) const {
    return service_change("edit_service", change.service.key, service_json(change.service));
  }
  json::object operator()(const ipvs::RemoveService& change) const {
    return service_change("remove_service", change.key);
  }
  json::object operator()(const ipvs::AddDestination& change) const {
    return server_change("add_destination", change.service, destination_json(change.destination));
  }
  json::object operator()(const ipvs::EditDestination& change) const {
    return server_change("edit_destination", change.service, destination_json(change.destination));
  }
  json::object operator()(const ipvs::RemoveDestination& change) const {
    return server_change("remove_destination", change.service, endpoint_json(change.endpoint));
  }
};

}  // namespace

json::object to_json(const ipvs::ServiceKey& key) {
  if (const auto* mark = std::get_if<ipvs::FwmarkKey>(&key))
    return {{"fwmark", mark->mark.value}, {"family", json_name(mark->family)}};
  const auto& vip = std::get<ipvs::VipKey>(key);
  json::object object{{"protocol", json_name(vip.protocol)}};
  merge(object, endpoint_json(vip.endpoint));
  object["family"] = json_name(vip.endpoint.address.family());
  return object;
}

json::object to_json(const ipvs::ServiceEntry& service, std::span<const ipvs::DestinationEntry> servers) {
  json::object object = service_json(service.service);
  object["stats"] = five_json(service.stats.counters);
  object["rates"] = five_json(service.stats.rates);
  json::array destinations;
  destinations.reserve(servers.size());
  for (const ipvs::DestinationEntry& server : servers) destinations.emplace_back(entry_json(server));
  object["destinations"] = std::move(destinations);
  return object;
}

json::object to_json(const ipvs::Connection& connection) {
  json::object object{{"protocol", json_name(connection.protocol)},
                      {"client", endpoint_json(connection.client)},
                      {"virtual", endpoint_json(connection.virtual_endpoint)},
                      {"destination", endpoint_json(connection.destination)},
                      {"state", connection.state},
                      {"expires", connection.expires.count()}};
  if (connection.persistence_engine.empty()) return object;
  object["persistence_engine"] = connection.persistence_engine;
  object["persistence_data"] = connection.persistence_data;
  return object;
}

json::object to_json(const ipvs::Timeouts& timeouts) {
  return {{"tcp", timeouts.tcp.count()}, {"tcp_fin", timeouts.tcp_fin.count()}, {"udp", timeouts.udp.count()}};
}

json::object to_json(const ipvs::Daemon& daemon) {
  return {{"role", name(daemon.role)},
          {"interface", daemon.interface},
          {"syncid", daemon.sync_id.value},
          {"maxlen", daemon.max_length},
          {"group", daemon.group ? json::value(ipvs::to_string(*daemon.group)) : json::value()},
          {"port", daemon.port.value},
          {"ttl", daemon.ttl}};
}

json::object to_json(const ipvs::Change& change) { return std::visit(ChangeJson{}, change); }

JsonList::JsonList(Output& out, const json::object& head, std::string_view name) : out_{out} {
  out_.write("{");
  for (const auto& member : head) out_.print("{}:{},", json::serialize(member.key()), json::serialize(member.value()));
  out_.print("{}:[", json::serialize(name));
}

void JsonList::add(const json::object& item) {
  if (!first_) out_.write(",");
  first_ = false;
  out_.write("\n");
  out_.write(json::serialize(item));
}

void JsonList::finish() { out_.write("\n]}\n"); }

}  // namespace ipvsadm
