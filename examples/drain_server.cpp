// Gives a server no new connections, in every service that has it, and waits until its last one has ended.
//   drain_server 192.0.2.7:80
#include <chrono>
#include <iostream>
#include <thread>
#include <vector>

#include "ipvs++/ipvs++.hpp"

namespace {

/// The services of which `endpoint` is a destination, as edits that set its weight to 0.
std::vector<ipvs::EditDestination> weight_zero(const ipvs::Table& table, const ipvs::Endpoint& endpoint) {
  std::vector<ipvs::EditDestination> edits;
  for (const auto& [key, service] : table) {
    const ipvs::Destination* const found = service.destinations.find(endpoint);
    if (!found) continue;
    ipvs::Destination drained = *found;
    drained.weight = 0;
    edits.push_back({key, drained});
  }
  return edits;
}

ipvs::Result<std::uint32_t> active_connections(ipvs::Client& client, const std::vector<ipvs::EditDestination>& edits) {
  std::uint32_t count = 0;
  for (const auto& [service, drained] : edits) {
    const auto entries = client.destinations(service);
    if (!entries) return tl::unexpected(entries.error());
    for (const ipvs::DestinationEntry& entry : *entries) {
      if (entry.destination.endpoint == drained.endpoint) count += entry.active_connections;
    }
  }
  return count;
}

int fail(const ipvs::Error& error) {
  std::cerr << error << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto endpoint = ipvs::Endpoint::parse(argc == 2 ? argv[1] : "");
  if (!endpoint) {
    std::cerr << "Usage: drain_server ADDRESS:PORT\n";
    return 2;
  }
  auto client = ipvs::Client::open();
  if (!client) return fail(client.error());
  const auto table = client->table();
  if (!table) return fail(table.error());

  const auto edits = weight_zero(*table, *endpoint);
  const std::vector<ipvs::Change> changes(edits.begin(), edits.end());
  const auto refusals = client->apply(changes);
  if (!refusals) return fail(refusals.error());
  if (!refusals->empty()) {
    std::cerr << "The kernel refused " << refusals->size() << " of " << changes.size()
              << " changes; the others are made. The first refusal: ";
    return fail(refusals->front().error);
  }

  for (const ipvs::Change& change : changes) std::cout << change << '\n';
  for (;;) {
    const auto left = active_connections(*client, edits);
    if (!left) return fail(left.error());
    std::cout << *left << " connections left" << std::endl;
    if (*left == 0) return 0;
    std::this_thread::sleep_for(std::chrono::seconds{1});
  }
}
