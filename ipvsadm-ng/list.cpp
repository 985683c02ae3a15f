#include "list.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <vector>

#include "endpoints.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "order.hpp"
#include "rules.hpp"
#include "tables.hpp"

namespace ipvsadm {
namespace {

Exit fail(Session& session, const ipvs::Error& error) {
  session.complain(message(error));
  return Exit::list_failed;
}

template <class Entry>
ipvs::Result<std::vector<Entry>> sorted_if(bool sorted, ipvs::Result<std::vector<Entry>> entries) {
  if (entries && sorted)
    std::sort(entries->begin(), entries->end(),
              [](const Entry& one, const Entry& other) { return listed_before(one, other); });
  return entries;
}

/// Calls `print(service, servers)` for each service.
template <class Print>
Exit for_each_service(Session& session, ipvs::Client& client, const std::vector<ipvs::ServiceEntry>& services,
                      bool sorted, Print print) {
  for (const ipvs::ServiceEntry& service : services) {
    const auto servers = sorted_if(sorted, client.destinations(service.service.key));
    if (!servers) return fail(session, servers.error());
    print(service, *servers);
  }
  return Exit::success;
}

template <class Print>
Exit for_each_connection(Session& session, ipvs::ConnectionReader& reader, Print print) {
  ipvs::Connection connection;
  auto more = reader.next(connection);
  for (; more && *more; more = reader.next(connection)) print(connection);
  return more ? Exit::success : fail(session, more.error());
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

Exit list_table(Session& session, const Layout& layout) {
  ipvs::Client* const client = session.kernel();
  if (!client) return Exit::misuse;
  const auto services = sorted_if(layout.sorted, client->services());
  if (!services) return fail(session, services.error());

  if (layout.format == Format::json) {
    JsonList list{session.out, head(session.info()), "services"};
    const Exit exit =
        for_each_service(session, *client, *services, layout.sorted,
                         [&](const auto& service, const auto& servers) { list.add(to_json(service, servers)); });
    if (exit == Exit::success) list.finish();  // half a list must not look whole
    return exit;
  }
  print_header(session.out, session.info());
  print_titles(session.out, layout.columns);
  Endpoints names{layout.naming, Endpoints::in_lists};
  return for_each_service(session, *client, *services, layout.sorted, [&](const auto& service, const auto& servers) {
    print_service(session.out, names, service, servers, layout);
  });
}

Exit list_service(Session& session, const ipvs::ServiceKey& key, const Layout& layout) {
  ipvs::Client* const client = session.kernel();
  if (!client) return Exit::misuse;
  const auto service = client->service(key);
  if (!service) return fail(session, service.error());
  const auto servers = sorted_if(layout.sorted, client->destinations(key));
  if (!servers) return fail(session, servers.error());

  if (layout.format == Format::json) {
    print_json(session.out, to_json(*service, *servers));
    return Exit::success;
  }
  print_titles(session.out, layout.columns);
  Endpoints names{layout.naming, Endpoints::in_lists};
  print_service(session.out, names, *service, *servers, layout);
  return Exit::success;
}

Exit list_connections(Session& session, const Layout& layout) {
  if (!session.kernel()) return Exit::misuse;  // which loads IPVS, and so makes the file
  auto reader = ipvs::ConnectionReader::open();
  if (!reader) return fail(session, reader.error());

  if (layout.format == Format::json) {
    JsonList list{session.out, {}, "connections"};
    const Exit exit = for_each_connection(session, *reader, [&](const auto& entry) { list.add(to_json(entry)); });
    if (exit == Exit::success) list.finish();
    return exit;
  }
  print_connection_titles(session.out, layout);
  Endpoints names{layout.naming, Endpoints::in_lists};
  return for_each_connection(session, *reader,
                             [&](const auto& entry) { print_connection(session.out, names, entry, layout); });
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
  const auto services = sorted_if(true, client->services());
  if (!services) return fail(session, services.error());
  Endpoints names{naming};
  return for_each_service(session, *client, *services, true, [&](const auto& entry, const auto& servers) {
    print_rule(session.out, names, entry.service);
    for (const ipvs::DestinationEntry& server : servers)
      print_rule(session.out, names, entry.service.key, server.destination);
  });
}

}  // namespace ipvsadm
