#include "ipvs++/table.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>

namespace ipvs {
inline namespace v0 {
namespace {

constexpr std::size_t name_capacity = 15;

template <class... Cases>
struct Overload : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;

/// True when `actual` is what the kernel makes of `wanted`.
bool same(const Destination& wanted, Destination actual) {
  if (actual.forwarding == Forwarding::local) actual.forwarding = wanted.forwarding;
  if (wanted.forwarding != Forwarding::tunnel) actual.tunnel = wanted.tunnel;
  return actual == wanted;
}

/// Edits in the order in which they are safe.
struct Edits {
  std::vector<Change> removals = {};
  std::vector<Change> edits = {};
  std::vector<Change> additions = {};

  void add(const ServiceKey& key, const TableService& wanted) {
    additions.emplace_back(AddService{wanted.service});
    for (const auto& [endpoint, destination] : wanted.destinations) {
      additions.emplace_back(AddDestination{key, destination});
    }
  }

  void turn(const ServiceKey& key, const TableService& actual, const TableService& wanted) {
    if (canonical(wanted.service) != canonical(actual.service)) edits.emplace_back(EditService{wanted.service});
    for (const auto& [endpoint, destination] : actual.destinations) {
      if (!wanted.destinations.contains(endpoint)) removals.emplace_back(RemoveDestination{key, endpoint});
    }
    for (const auto& [endpoint, destination] : wanted.destinations) {
      const auto found = actual.destinations.find(endpoint);
      if (found == actual.destinations.end()) {
        additions.emplace_back(AddDestination{key, destination});
      } else if (!same(destination, found->second)) {
        edits.emplace_back(EditDestination{key, destination});
      }
    }
  }

  /// In place: a large table's additions fill megabytes, and fresh memory is what costs most here.
  std::vector<Change> in_order() && {
    additions.insert(additions.begin(), std::move_iterator{edits.begin()}, std::move_iterator{edits.end()});
    additions.insert(additions.begin(), std::move_iterator{removals.begin()}, std::move_iterator{removals.end()});
    return std::move(additions);
  }
};

/// How many additions the services make that are not there yet.
std::size_t additions(const Table& wanted, const Table& actual) {
  std::size_t count = 0;
  for (const auto& [key, service] : wanted) count += actual.contains(key) ? 0 : 1 + service.destinations.size();
  return count;
}

/// ip_vs_add_dest() and ip_vs_edit_dest(): ERANGE otherwise.
bool acceptable(const Destination& destination) {
  return destination.weight >= 0 && destination.thresholds.lower <= destination.thresholds.upper;
}

/// Carries edits out on a table, and skips what the kernel would refuse.
struct Kernel {
  Table& table;

  void operator()(const AddService& edit) const {
    table.try_emplace(edit.service.key, TableService{.service = canonical(edit.service)});
  }
  void operator()(const EditService& edit) const {
    const auto found = table.find(edit.service.key);
    if (found != table.end()) found->second.service = canonical(edit.service);
  }
  void operator()(const RemoveService& edit) const { table.erase(edit.key); }
  void operator()(const AddDestination& edit) const {
    const auto found = table.find(edit.service);
    if (found == table.end() || !acceptable(edit.destination)) return;
    found->second.destinations.try_emplace(edit.destination.endpoint, edit.destination);
  }
  void operator()(const EditDestination& edit) const {
    const auto found = table.find(edit.service);
    if (found == table.end() || !acceptable(edit.destination)) return;
    const auto destination = found->second.destinations.find(edit.destination.endpoint);
    if (destination != found->second.destinations.end()) destination->second = edit.destination;
  }
  void operator()(const RemoveDestination& edit) const {
    const auto found = table.find(edit.service);
    if (found != table.end()) found->second.destinations.erase(edit.endpoint);
  }
};

}  // namespace

Service canonical(Service service) {
  if (service.netmask == Netmask::full(family(service.key))) service.netmask.reset();
  service.scheduler.resize(std::min(service.scheduler.size(), name_capacity));
  service.persistence_engine.resize(std::min(service.persistence_engine.size(), name_capacity));
  return service;
}

std::vector<Change> diff(const Table& wanted, const Table& actual, const std::set<ServiceKey>& owned) {
  Edits edits;
  edits.additions.reserve(additions(wanted, actual));
  for (const auto& [key, service] : actual) {
    if (!wanted.contains(key) && owned.contains(key)) edits.removals.emplace_back(RemoveService{key});
  }
  for (const auto& [key, service] : wanted) {
    const auto found = actual.find(key);
    if (found == actual.end()) {
      edits.add(key, service);
    } else {
      edits.turn(key, found->second, service);
    }
  }
  return std::move(edits).in_order();
}

Table applied(Table table, const std::vector<Change>& changes) {
  for (const Change& change : changes) std::visit(Kernel{table}, change);
  return table;
}

std::set<ServiceKey> keys(const Table& table) {
  std::set<ServiceKey> all;
  for (const auto& [key, service] : table) all.insert(all.end(), key);
  return all;
}

std::ostream& operator<<(std::ostream& out, const Change& change) {
  std::visit(
      Overload{[&](const AddService& edit) { out << "add " << edit.service; },
               [&](const EditService& edit) { out << "edit " << edit.service; },
               [&](const RemoveService& edit) { out << "remove " << edit.key; },
               [&](const AddDestination& edit) { out << "add " << edit.destination << " to " << edit.service; },
               [&](const EditDestination& edit) { out << "edit " << edit.destination << " of " << edit.service; },
               [&](const RemoveDestination& edit) { out << "remove " << edit.endpoint << " of " << edit.service; }},
      change);
  return out;
}

std::ostream& operator<<(std::ostream& out, const TableService& service) {
  out << service.service;
  for (const auto& [endpoint, destination] : service.destinations) out << "\n  " << destination;
  return out;
}

}  // namespace v0
}  // namespace ipvs
