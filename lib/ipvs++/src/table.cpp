#include "ipvs++/table.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>
#include <utility>

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

bool before(const Destination& destination, const Endpoint& endpoint) { return destination.endpoint < endpoint; }

/// True when they differ at most in what has no meaning: a tunnel's properties without tunnel.
bool same(const Destination& wanted, Destination actual) {
  if (wanted.forwarding != Forwarding::tunnel) actual.tunnel = wanted.tunnel;
  return actual == wanted;
}

/// ip_vs_add_dest() and ip_vs_edit_dest(): ERANGE otherwise.
bool acceptable(const Destination& destination) {
  return destination.weight >= 0 && destination.thresholds.lower <= destination.thresholds.upper;
}

/// Carries edits out on a table, and skips what the kernel would refuse.
struct Apply {
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
    found->second.destinations.insert(edit.destination);
  }
  void operator()(const EditDestination& edit) const {
    const auto found = table.find(edit.service);
    if (found == table.end() || !acceptable(edit.destination)) return;
    if (auto* destination = found->second.destinations.find(edit.destination.endpoint)) *destination = edit.destination;
  }
  void operator()(const RemoveDestination& edit) const {
    const auto found = table.find(edit.service);
    if (found != table.end()) found->second.destinations.erase(edit.endpoint);
  }
};

}  // namespace

Destinations::Destinations(std::initializer_list<Destination> destinations) {
  for (const Destination& destination : destinations) insert(destination);
}

bool Destinations::insert(const Destination& destination) {
  if (sorted_.empty() || sorted_.back().endpoint < destination.endpoint) {  // as saved rules come
    sorted_.push_back(destination);
    return true;
  }
  const auto place = std::lower_bound(sorted_.begin(), sorted_.end(), destination.endpoint, before);
  if (place->endpoint == destination.endpoint) return false;
  sorted_.insert(place, destination);
  return true;
}

bool Destinations::erase(const Endpoint& endpoint) {
  const Destination* const found = find(endpoint);
  if (!found) return false;
  sorted_.erase(sorted_.begin() + (found - sorted_.data()));
  return true;
}

const Destination* Destinations::find(const Endpoint& endpoint) const {
  const auto place = std::lower_bound(sorted_.begin(), sorted_.end(), endpoint, before);
  return place != sorted_.end() && place->endpoint == endpoint ? &*place : nullptr;
}

Destination* Destinations::find(const Endpoint& endpoint) {
  return const_cast<Destination*>(std::as_const(*this).find(endpoint));
}

Service canonical(Service service) {
  if (service.netmask == Netmask::full(family(service.key))) service.netmask.reset();
  service.scheduler.resize(std::min(service.scheduler.size(), name_capacity));
  service.persistence_engine.resize(std::min(service.persistence_engine.size(), name_capacity));
  return service;
}

void Comparison::see(const TableService& actual, Owner owner) {
  const auto found = wanted_.find(actual.service.key);
  if (found != wanted_.end()) {
    seen_.insert(&found->second);
    turn(actual, found->second);
  } else if (owner == Owner::us) {
    removals_.emplace_back(RemoveService{actual.service.key});
  }
}

void Comparison::turn(const TableService& actual, const TableService& wanted) {
  const ServiceKey& key = wanted.service.key;
  if (canonical(wanted.service) != canonical(actual.service)) changes_.emplace_back(EditService{wanted.service});
  for (const Destination& destination : actual.destinations) {
    const Endpoint& endpoint = destination.endpoint;
    if (!wanted.destinations.find(endpoint)) removals_.emplace_back(RemoveDestination{key, endpoint});
  }
  for (const Destination& destination : wanted.destinations) {
    const Destination* const found = actual.destinations.find(destination.endpoint);
    if (!found) {
      additions_.emplace_back(AddDestination{key, destination});
    } else if (!same(destination, *found)) {
      changes_.emplace_back(EditDestination{key, destination});
    }
  }
}

void Comparison::add(const TableService& wanted) {
  changes_.emplace_back(AddService{wanted.service});
  for (const Destination& destination : wanted.destinations) {
    changes_.emplace_back(AddDestination{wanted.service.key, destination});
  }
}

std::vector<Change> Comparison::changes() && {
  std::vector<const TableService*> missing;
  std::size_t size = changes_.size() + additions_.size() + removals_.size();
  for (const auto& [key, service] : wanted_) {
    if (seen_.contains(&service)) continue;
    missing.push_back(&service);
    size += 1 + service.destinations.size();
  }
  changes_.reserve(size);  // in a large table, growing costs more than everything else
  std::ranges::move(additions_, std::back_inserter(changes_));
  for (const TableService* service : missing) add(*service);
  std::ranges::move(removals_, std::back_inserter(changes_));
  return std::move(changes_);
}

std::vector<Change> diff(const Table& wanted, const Table& actual, const std::set<ServiceKey>& owned) {
  Comparison comparison{wanted};
  for (const auto& [key, service] : actual) {
    comparison.see(service, owned.contains(key) ? Comparison::Owner::us : Comparison::Owner::others);
  }
  return std::move(comparison).changes();
}

Table applied(Table table, const std::vector<Change>& changes) {
  for (const Change& change : changes) std::visit(Apply{table}, change);
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
  for (const Destination& destination : service.destinations) out << "\n  " << destination;
  return out;
}

}  // namespace v0
}  // namespace ipvs
