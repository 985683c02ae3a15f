// The IPVS table as a value, and the edits that lead from one table to another. Pure: nothing here
// touches the kernel. Client::table() reads one, Client::apply() carries edits out.
//
//   auto changes = ipvs::diff(wanted, *client.table(), owned);
//   auto refusals = client.apply(changes);
#pragma once

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <set>
#include <variant>
#include <vector>

#include "ipvs++/destination.hpp"
#include "ipvs++/service.hpp"

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

/// Destinations in the order of their endpoints, each endpoint once; in one piece of memory.
class Destinations {
 public:
  Destinations() = default;
  Destinations(std::initializer_list<Destination> destinations);

  /// False when there is one with this endpoint already; it stays as it is.
  bool insert(const Destination& destination);
  /// False when there is none with this endpoint.
  bool erase(const Endpoint& endpoint);
  /// None: null. The pointer lives until the next insert() or erase(); do not change the endpoint through it.
  Destination* find(const Endpoint& endpoint);
  const Destination* find(const Endpoint& endpoint) const;

  std::vector<Destination>::const_iterator begin() const { return sorted_.begin(); }
  std::vector<Destination>::const_iterator end() const { return sorted_.end(); }
  std::size_t size() const { return sorted_.size(); }
  void reserve(std::size_t size) { sorted_.reserve(size); }

  friend bool operator==(const Destinations&, const Destinations&) = default;

 private:
  std::vector<Destination> sorted_ = {};
};

/// A service and its destinations.
struct TableService {
  Service service = {};
  Destinations destinations = {};

  friend bool operator==(const TableService&, const TableService&) = default;
};

/// Every service by its key; each key equals the key of the service under it.
using Table = std::map<ServiceKey, TableService>;

struct AddService {
  Service service = {};
  friend bool operator==(const AddService&, const AddService&) = default;
};
/// Replaces every property of the service; destinations and connections stay.
struct EditService {
  Service service = {};
  friend bool operator==(const EditService&, const EditService&) = default;
};
/// Removes the service with its destinations.
struct RemoveService {
  ServiceKey key = {};
  friend bool operator==(const RemoveService&, const RemoveService&) = default;
};
struct AddDestination {
  ServiceKey service = {};
  Destination destination = {};
  friend bool operator==(const AddDestination&, const AddDestination&) = default;
};
/// Replaces every property of the destination; its connections stay.
struct EditDestination {
  ServiceKey service = {};
  Destination destination = {};
  friend bool operator==(const EditDestination&, const EditDestination&) = default;
};
struct RemoveDestination {
  ServiceKey service = {};
  Endpoint endpoint = {};
  friend bool operator==(const RemoveDestination&, const RemoveDestination&) = default;
};

/// One edit of the table, as data.
using Change = std::variant<AddService, EditService, RemoveService, AddDestination, EditDestination, RemoveDestination>;

/// The service as the kernel would report it: a full netmask is none, names are cut to what the kernel holds.
Service canonical(Service service);

/// The fewest edits that turn `actual` into `wanted`. Services of `actual` that are not wanted are removed
/// when `owned` names them and stay untouched otherwise. Edits come first, then additions, then removals: a
/// service whose servers are all replaced is never without one. A key that stays is edited, never removed, so
/// that its connections survive.
std::vector<Change> diff(const Table& wanted, const Table& actual, const std::set<ServiceKey>& owned);

/// diff() for who reads the actual table service by service (Client::visit_table()): memory holds one at a time.
class Comparison {
 public:
  enum class Owner { us, others };

  /// `wanted` must outlive the comparison.
  explicit Comparison(const Table& wanted) : wanted_{wanted} {}

  /// One service of the actual table, each once. It is removed when it is ours and not wanted.
  void see(const TableService& actual, Owner owner);
  /// The edits, once every service was seen.
  std::vector<Change> changes() &&;

 private:
  void turn(const TableService& actual, const TableService& wanted);
  void add(const TableService& wanted);

  const Table& wanted_;
  std::set<const TableService*> seen_ = {};
  std::vector<Change> changes_ = {};  // edits; in the end, all
  std::vector<Change> additions_ = {};
  std::vector<Change> removals_ = {};
};

/// `table` after `changes`, as the kernel would carry them out; edits that it would refuse are skipped.
Table applied(Table table, const std::vector<Change>& changes);

/// The keys of a table: `owned` for a caller that owns all of it.
std::set<ServiceKey> keys(const Table& table);

std::ostream& operator<<(std::ostream& out, const Change& change);
std::ostream& operator<<(std::ostream& out, const TableService& service);

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs
