#include "list.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <tuple>
#include <vector>

#include "endpoints.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "rules.hpp"
#include "tables.hpp"

namespace ipvsadm {
namespace {

using Servers = std::vector<ipvs::DestinationEntry>;

Exit fail(Session& session, const ipvs::Error& error) {
  session.complain(message(error));
  return Exit::list_failed;
}

ipvs::Result<Servers> read_servers(ipvs::Client& client, const ipvs::ServiceKey& key, bool sorted) {
  auto servers = client.destinations(key);
  if (servers && sorted)
    std::sort(servers->begin(), servers->end(),
              [](const auto& one, const auto& other) { return one.destination.endpoint < other.destination.endpoint; });
  return servers;
}

ipvs::Result<std::vector<ipvs::ServiceEntry>> read_services(ipvs::Client& client, bool sorted) {
  auto services = client.services();
  if (services && sorted)
    std::sort(services->begin(), services->end(),
              [](const auto& one, const auto& other) { return listed_before(one.service.key, other.service.key); });
  return services;
}

/// Calls `print(service, servers)` for each service.
template <class Print>
Exit for_each_service(Session& session, ipvs::Client& client, const std::vector<ipvs::ServiceEntry>& services,
                      bool sorted, Print print) {
  for (const ipvs::ServiceEntry& service : services) {
    const auto servers = read_servers(client, service.service.key, sorted);
    if (!servers) return fail(session, servers.error());
    print(service, *servers);
  }
  return Exit::success;
}

boost::json::object head(const ipvs::Info& info) {
  const ipvs::Version version = info.version;
  return {{"version", fmt::format("{}.{}.{}", version.major, version.minor, version.patch)},
          {"size", info.connection_table_size}};
}

void print_json(Output& out, const boost::json::object& object) {
  out.write(boost::json::serialize(object));
  out.write("\n");
}

}  // namespace

bool listed_before(const ipvs::ServiceKey& one, const ipvs::ServiceKey& other) {
  const auto order = [](const ipvs::ServiceKey& key) {
    const auto* mark = std::get_if<ipvs::FwmarkKey>(&key);
    const ipvs::VipKey vip = mark ? ipvs::VipKey{} : std::get<ipvs::VipKey>(key);
    return std::tuple{mark ? mark->mark.value : 0, family(key), vip};
  };
  return order(one) < order(other);
}

Exit list_table(Session& session, const Layout& layout) {
  ipvs::Client* const client = session.kernel();
  if (!client) return Exit::misuse;
  const auto info = client->info();
  if (!info) return fail(session, info.error());
  const auto services = read_services(*client, layout.sorted);
  if (!services) return fail(session, services.error());

  if (layout.format == Format::json) {
    JsonList list{session.out, head(*info), "services"};
    const Exit exit =
        for_each_service(session, *client, *services, layout.sorted,
                         [&](const auto& service, const auto& servers) { list.add(to_json(service, servers)); });
    list.finish();
    return exit;
  }
  print_header(session.out, *info);
  print_titles(session.out, layout.columns);
  Endpoints names{layout.naming};
  return for_each_service(session, *client, *services, layout.sorted, [&](const auto& service, const auto& servers) {
    print_service(session.out, names, service, servers, layout);
  });
}

Exit list_service(Session& session, const ipvs::ServiceKey& key, const Layout& layout) {
  ipvs::Client* const client = session.kernel();
  if (!client) return Exit::misuse;
  const auto service = client->service(key);
  if (!service) return fail(session, service.error());
  const auto servers = read_servers(*client, key, layout.sorted);
  if (!servers) return fail(session, servers.error());

  if (layout.format == Format::json) {
    print_json(session.out, to_json(*service, *servers));
    return Exit::success;
  }
  print_titles(session.out, layout.columns);
  Endpoints names{layout.naming};
  print_service(session.out, names, *service, *servers, layout);
  return Exit::success;
}

Exit list_connections(Session& session, const Layout& layout) {
  if (!session.kernel()) return Exit::misuse;  // which loads IPVS, and so makes the file
  auto reader = ipvs::ConnectionReader::open();
  if (!reader) return fail(session, reader.error());
  const bool json = layout.format == Format::json;
  std::optional<JsonList> list;
  if (json)
    list.emplace(session.out, boost::json::object{}, "connections");
  else
    print_connection_titles(session.out, layout);

  Endpoints names{layout.naming};
  ipvs::Connection connection;
  while (true) {
    const auto more = reader->next(connection);
    if (!more) return fail(session, more.error());
    if (!*more) break;
    if (json)
      list->add(to_json(connection));
    else
      print_connection(session.out, names, connection, layout);
  }
  if (json) list->finish();
  return Exit::success;
}

Exit list_timeouts(Session& session, Format format) {
  ipvs::Client* const client = session.kernel();
  if (!client) return Exit::misuse;
  const auto timeouts = client->timeouts();
  if (!timeouts) return fail(session, timeouts.error());
  if (format == Format::json)
    print_json(session.out, to_json(*timeouts));
  else
    print_timeouts(session.out, *timeouts);
  return Exit::success;
}

Exit list_daemons(Session& session, Format format) {
  ipvs::Client* const client = session.kernel();
  if (!client) return Exit::misuse;
  const auto daemons = client->daemons();
  if (!daemons) return fail(session, daemons.error());
  if (format == Format::text) {
    for (const ipvs::Daemon& daemon : *daemons) print_daemon(session.out, daemon);
    return Exit::success;
  }
  JsonList list{session.out, {}, "daemons"};
  for (const ipvs::Daemon& daemon : *daemons) list.add(to_json(daemon));
  list.finish();
  return Exit::success;
}

Exit save_table(Session& session, Naming naming) {
  ipvs::Client* const client = session.kernel();
  if (!client) return Exit::misuse;
  const auto services = read_services(*client, true);
  if (!services) return fail(session, services.error());
  Endpoints names{naming};
  return for_each_service(session, *client, *services, true, [&](const auto& entry, const auto& servers) {
    print_rule(session.out, names, entry.service);
    for (const ipvs::DestinationEntry& server : servers)
      print_rule(session.out, names, entry.service.key, server.destination);
  });
}

}  // namespace ipvsadm
